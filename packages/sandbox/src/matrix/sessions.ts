import type { Account } from "./account.ts";
import { type AppService, type AppServiceRegistration, createAppService } from "./app-service.ts";
import type { Homeserver } from "./homeserver.ts";
import { newToken } from "./ids.ts";
import { forbidden, MatrixError } from "./matrix-error.ts";

/** Whom a request speaks for. */
export interface Caller {
  readonly account: Account;
  readonly device?: string;
  /** Set where the token is an application service's own. */
  readonly appService?: AppService;
}

/** Access tokens, application services and their masquerading. Survives a restart of the server. */
export class Sessions {
  readonly #homeserver: Homeserver;
  readonly #tokens = new Map<string, Caller>();
  readonly appServices = new Map<string, AppService>();

  constructor(homeserver: Homeserver) {
    this.#homeserver = homeserver;
  }

  addAppService(registration: AppServiceRegistration): AppService {
    const appService = createAppService(registration, this.#homeserver.serverName);
    const account = this.#homeserver.register(appService.sender, { automated: true });
    this.appServices.set(registration.id, appService);
    this.#tokens.set(registration.as_token, { account, appService });
    return appService;
  }

  logIn(account: Account, device = newToken("DEVICE")): { readonly accessToken: string; readonly device: string } {
    const accessToken = newToken("syt");
    account.devices.add(device);
    this.#tokens.set(accessToken, { account, device });
    return { accessToken, device };
  }

  logOut(token: string): void {
    this.#tokens.delete(token);
  }

  /** The service that owns an account, if any. */
  ownerOf(user: string): AppService | undefined {
    for (const appService of this.appServices.values()) if (appService.owns(user)) return appService;
    return undefined;
  }

  /** Who is behind a token. Throws M_MISSING_TOKEN, M_UNKNOWN_TOKEN, M_FORBIDDEN (not the service's user), M_UNKNOWN_DEVICE. */
  caller(token: string | undefined, query: URLSearchParams): Caller {
    if (!token) throw new MatrixError(401, "M_MISSING_TOKEN", "Missing access token");
    const session = this.#tokens.get(token);
    if (!session) throw new MatrixError(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.", { soft_logout: false });
    return session.appService ? this.#masquerade(session, session.appService, query) : session;
  }

  #masquerade(session: Caller, appService: AppService, query: URLSearchParams): Caller {
    const user = query.get("user_id");
    const device = query.get("device_id") ?? query.get("org.matrix.msc3202.device_id");
    if (!user) {
      // Synapse fails on a device without a user; see its `_wrapped_get_user_by_req`.
      if (device) throw new MatrixError(500, "M_UNKNOWN", "Internal server error");
      return session;
    }
    if (!appService.owns(user)) {
      throw forbidden(`Application service cannot masquerade as this user (${user}).`);
    }
    const account = this.#homeserver.accounts.get(user);
    if (!account) throw forbidden(`Application service has not registered this user (${user})`);
    if (!device) return { account, appService };
    if (!account.devices.has(device)) {
      throw new MatrixError(400, "M_UNKNOWN_DEVICE", `Application service trying to use a device that doesn't exist`);
    }
    return { account, appService, device };
  }
}
