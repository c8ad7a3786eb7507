import type { Account } from "./account.ts";
import { type Content, isRecord, recordAt, stringAt } from "./event.ts";
import type { Homeserver } from "./homeserver.ts";
import type { LongPolls } from "./long-polls.ts";
import { forbidden, invalid, MatrixError, notFound } from "./matrix-error.ts";
import type { Call, Router } from "./router.ts";
import type { Sessions } from "./sessions.ts";

const v3 = "/_matrix/client/v3";

/** Who one is: versions, registration, login, devices, profile, account data. */
export function routeAccounts(router: Router, homeserver: Homeserver, sessions: Sessions, polls: LongPolls): void {
  router.on("GET /_matrix/client/versions", () => ({ versions: ["v1.11", "v1.12", "v1.17"], unstable_features: {} }));
  router.on(`GET ${v3}/capabilities`, call => {
    call.caller();
    return { capabilities: { "m.room_versions": { default: "12", available: { "12": "stable" } } } };
  });
  router.on(`GET ${v3}/account/whoami`, call => {
    const { account, device } = call.caller();
    return { user_id: account.id, is_guest: false, ...(device === undefined ? {} : { device_id: device }) };
  });
  router.on(`POST ${v3}/register`, call => register(call, homeserver, sessions));
  router.on(`POST ${v3}/login`, call => login(call, homeserver, sessions));
  router.on(`POST ${v3}/logout`, call => {
    call.caller();
    sessions.logOut(call.token ?? "");
    return {};
  });
  routeDevices(router);
  routeProfiles(router, homeserver);
  routeAccountData(router, homeserver, polls);
}

/** The service whose token the call bears; registering people is left to `addUser`. */
function callingService(call: Call, type: string | undefined) {
  if (type !== "m.login.application_service") throw forbidden("Registration has been disabled");
  const { appService } = call.caller();
  if (!appService) throw new MatrixError(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.");
  return appService;
}

function register(call: Call, homeserver: Homeserver, sessions: Sessions): Content {
  const body = call.body();
  const appService = callingService(call, stringAt(body, "type"));
  const user = homeserver.userId(stringAt(body, "username") ?? "");
  if (!appService.owns(user))
    throw new MatrixError(400, "M_EXCLUSIVE", "Invalid user localpart for this application service.");
  if (homeserver.accounts.has(user)) throw new MatrixError(400, "M_USER_IN_USE", "User ID already taken.");
  const account = homeserver.register(user, { automated: true });
  return body["inhibit_login"] === true ? { user_id: user } : loggedIn(account, body, sessions);
}

function login(call: Call, homeserver: Homeserver, sessions: Sessions): Content {
  const body = call.body();
  const appService = callingService(call, stringAt(body, "type"));
  const user = homeserver.userId(stringAt(recordAt(body, "identifier"), "user") ?? "");
  const account = appService.owns(user) ? homeserver.accounts.get(user) : undefined;
  if (!account) throw forbidden("Invalid login submission");
  return loggedIn(account, body, sessions);
}

function loggedIn(account: Account, body: Content, sessions: Sessions): Content {
  const { accessToken, device } = sessions.logIn(account, stringAt(body, "device_id"));
  return { user_id: account.id, access_token: accessToken, device_id: device };
}

function routeDevices(router: Router): void {
  router.on(`GET ${v3}/devices`, call => ({
    devices: [...call.caller().account.devices].map(id => ({ device_id: id })),
  }));
  router.on(`PUT ${v3}/devices/:device`, call => {
    const { account, appService } = call.caller();
    const device = call.param("device");
    if (!account.devices.has(device)) {
      if (!appService) throw notFound("No device found");
      account.devices.add(device);
      call.status = 201;
    }
    return {};
  });
}

function routeProfiles(router: Router, homeserver: Homeserver): void {
  const profile = (call: Call): Record<string, string> => {
    const account = homeserver.accounts.get(call.param("user"));
    if (!account) throw notFound("Profile was not found");
    const { displayname, avatarUrl } = account;
    return { ...(displayname && { displayname }), ...(avatarUrl && { avatar_url: avatarUrl }) };
  };
  router.on(`GET ${v3}/profile/:user`, profile);
  for (const field of ["displayname", "avatar_url"] as const) {
    router.on(`GET ${v3}/profile/:user/${field}`, call => ({ [field]: profile(call)[field] }));
    router.on(`PUT ${v3}/profile/:user/${field}`, call => {
      const { account } = call.caller();
      if (account.id !== call.param("user")) throw forbidden("Cannot set another user's profile");
      const value = stringAt(call.body(), field);
      if (value === undefined) throw invalid(`Missing key '${field}'`);
      homeserver.setProfile(account, field === "displayname" ? { displayname: value } : { avatarUrl: value });
      return {};
    });
  }
}

function routeAccountData(router: Router, homeserver: Homeserver, polls: LongPolls): void {
  const key = (call: Call) => `${call.param("room")}\n${call.param("type")}`;
  const own = (call: Call): Account => {
    const { account } = call.caller();
    if (account.id !== call.param("user")) throw forbidden("Cannot access another user's account data");
    return account;
  };
  for (const place of ["", "/rooms/:room"]) {
    router.on(`GET ${v3}/user/:user${place}/account_data/:type`, call => {
      const data = own(call).data.get(key(call));
      if (!data) throw notFound("Account data not found");
      return data.content;
    });
    router.on(`PUT ${v3}/user/:user${place}/account_data/:type`, call => {
      const account = own(call);
      account.data.set(key(call), { position: homeserver.advance(), content: call.body() });
      polls.wake(account.id);
      return {};
    });
  }
  router.on(`POST ${v3}/user/:user/filter`, call => ({ filter_id: String(own(call).filters.push(call.body()) - 1) }));
  router.on(`GET ${v3}/user/:user/filter/:filter`, call => {
    const filter = own(call).filters[Number(call.param("filter"))];
    if (!isRecord(filter)) throw notFound("No such filter");
    return filter;
  });
}
