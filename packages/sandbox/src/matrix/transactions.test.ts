import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createListeningAppService, type ListeningAppService } from "./app-service.fixture.ts";
import { ask } from "./client.fixture.ts";
import { createMatrixStandIn, type MatrixStandIn } from "./stand-in.ts";

let standIn: MatrixStandIn;
let appService: ListeningAppService;
let roomId: string;
const ghost = "@_fanin_bob:hs";

beforeEach(async () => {
  standIn = await createMatrixStandIn({ serverName: "hs", rateScale: Number.POSITIVE_INFINITY, pushBackoffMs: 20 });
  appService = await createListeningAppService();
  standIn.addAppService(appService.registration);
  roomId = standIn.addRoom();
  await as("POST /join/:room", {});
});

afterEach(async () => {
  await standIn.close();
  await appService.close();
});

const as = (route: string, body?: Readonly<Record<string, unknown>>) =>
  ask(standIn.url, "as-secret", route.replace(":room", roomId), body);
const text = (body: string) => ({ msgtype: "m.text", body });
const place = () => standIn.place(roomId, [{ id: "@ann:hs", name: "Ann" }]);
const taken = () => vi.waitFor(() => expect(standIn.backlogOf("fanin")).toBe(0));

describe("pushed transactions", () => {
  it("bring own and other events, joins included, in order, one transaction at a time", async () => {
    await taken();
    const release = appService.hold();
    const ann = place();
    for (let n = 1; n <= 150; n += 1) await ann.say("@ann:hs", `m${n}`);
    await as("PUT /rooms/:room/send/m.room.message/own", text("mine"));
    release();
    await taken();
    const expected = Array.from({ length: 150 }, (_, n) => `m${n + 1}`);
    expect(appService.bodies()).toEqual([...expected, "mine"]);
    expect(appService.state.mostInFlight).toBe(1);
    expect(Math.max(...appService.transactions.map(({ events }) => events.length))).toBe(100);
    expect(appService.transactions.map(({ id }) => Number(id))).toEqual(appService.transactions.map((_, n) => n + 1));
  });

  it("leave out rooms that none of its users is in", async () => {
    const elsewhere = standIn.place(standIn.addRoom(), [{ id: "@ann:hs", name: "Ann" }]);
    await elsewhere.say("@ann:hs", "private");
    await place().say("@ann:hs", "here");
    await taken();
    expect(appService.bodies()).toEqual(["here"]);
  });

  it.each([
    ["a refusal", { status: 500, answer: "{}" }],
    ["an answer that is no JSON", { status: 200, answer: "" }],
  ])("come again unchanged after %s, and nothing overtakes", async (_, failure) => {
    await taken();
    appService.transactions.length = 0;
    Object.assign(appService.state, failure);
    const ann = place();
    await ann.say("@ann:hs", "first");
    await vi.waitFor(() => expect(appService.transactions.length).toBeGreaterThanOrEqual(2));
    await ann.say("@ann:hs", "second");
    Object.assign(appService.state, { status: 200, answer: "{}" });
    await taken();
    const [once, again] = appService.transactions;
    expect(again).toEqual(once);
    const distinct = new Map(appService.transactions.map(({ id, events }) => [id, events]));
    const bodies = JSON.stringify([...distinct.values()]).match(/"body":"\w+"/g);
    expect(bodies).toEqual(['"body":"first"', '"body":"second"']);
  });

  it("come again at once after a ping", async () => {
    const slow = await createMatrixStandIn({ serverName: "slow", pushBackoffMs: 3_600_000 });
    slow.addAppService(appService.registration);
    appService.state.status = 500;
    const room = slow.addRoom();
    await ask(slow.url, "as-secret", `POST /join/${room}`, {});
    await vi.waitFor(() => expect(appService.transactions.length).toBeGreaterThanOrEqual(1));
    appService.state.status = 200;
    const ping = await fetch(`${slow.url}/_matrix/client/v1/appservice/fanin/ping`, {
      method: "POST",
      headers: { authorization: "Bearer as-secret" },
      body: "{}",
    });
    expect(ping.status).toBe(200);
    expect(appService.state.pings).toBe(1);
    await vi.waitFor(() => expect(slow.backlogOf("fanin")).toBe(0));
    await slow.close();
  });

  it("can be repeated, though they were taken", async () => {
    const ann = place();
    await taken();
    appService.transactions.length = 0;
    standIn.faults.repeatTransactions = 1;
    await ann.say("@ann:hs", "twice");
    await taken();
    expect(appService.bodies().filter(body => body === "twice")).toHaveLength(2);
    expect(new Set(appService.transactions.filter(({ body }) => body.includes("twice")).map(({ id }) => id)).size).toBe(
      1,
    );
  });

  it("start at 1 after a restart, and what waited waits for the next event", async () => {
    const ann = place();
    await taken();
    appService.state.status = 500;
    await ann.say("@ann:hs", "before");
    await vi.waitFor(() => expect(appService.bodies()).toContain("before"));
    standIn.restart();
    appService.state.status = 200;
    appService.transactions.length = 0;
    expect(standIn.backlogOf("fanin")).toBeGreaterThan(0);
    await ann.say("@ann:hs", "after");
    await taken();
    expect(appService.transactions[0]?.id).toBe("1");
    expect(appService.bodies()).toEqual(["before", "after"]);
  });
});

describe("a repeated PUT /send", () => {
  const send = async (token: string, query: string, type: string, body: string) =>
    (await ask(standIn.url, token, `PUT /rooms/${roomId}/send/${type}/t1${query}`, text(body))).json["event_id"];
  const sends = async (token: string, query: string, otherQuery = query, otherType = "m.room.message") => {
    const first = await send(token, query, "m.room.message", "a");
    const live = await send(token, otherQuery, otherType, "b");
    standIn.restart();
    // The client may first find its connection cut.
    const again = await vi.waitFor(() => send(token, query, "m.room.message", "a"));
    return { live: live === first, restarted: again === first };
  };
  const device = `?user_id=${ghost}&device_id=RELAY`;

  beforeEach(async () => {
    await as("POST /register", { type: "m.login.application_service", username: "_fanin_bob", device_id: "RELAY" });
    await as(`POST /join/:room?user_id=${ghost}`, {});
  });

  it("of a plain account is the same event, also after a restart", async () => {
    const { accessToken } = standIn.addUser("Ann");
    await ask(standIn.url, accessToken, `POST /join/${roomId}`, {});
    expect(await sends(accessToken, "")).toEqual({ live: true, restarted: true });
  });

  it("of an application service without a device is another one after a restart", async () => {
    expect(await sends("as-secret", "")).toEqual({ live: true, restarted: false });
    expect(await sends("as-secret", `?user_id=${ghost}`)).toEqual({ live: true, restarted: false });
  });

  it("of an application service with a device is the same event, also after a restart", async () => {
    expect(await sends("as-secret", device)).toEqual({ live: true, restarted: true });
  });

  it("of an application service ignores the sender", async () => {
    expect((await sends("as-secret", "", `?user_id=${ghost}`)).live).toBe(true);
  });

  it("of an application service with a device ignores the type, redactions included", async () => {
    expect((await sends("as-secret", device, device, "m.reaction")).live).toBe(true);
    const redact = await as(`PUT /rooms/:room/redact/$none/t1${device}`, {});
    expect(redact.status).toBe(200);
  });
});

describe("masquerading", () => {
  it.each([
    ["a user who is not the service's", "?user_id=@ann:hs", 403, "M_FORBIDDEN"],
    ["one who is not registered", "?user_id=@_fanin_new:hs", 403, "M_FORBIDDEN"],
    ["a device that does not exist", "?user_id=@relay:hs&device_id=NONE", 400, "M_UNKNOWN_DEVICE"],
    ["a device without a user", "?device_id=RELAY", 500, "M_UNKNOWN"],
  ])("as %s is refused", async (_, query, status, errcode) => {
    standIn.addUser("Ann");
    expect(await as(`GET /account/whoami${query}`)).toMatchObject({ status, json: { errcode } });
  });

  it("needs a registration once, and makes devices", async () => {
    const register = { type: "m.login.application_service", username: "_fanin_bob" };
    expect((await as("POST /register", register)).json["user_id"]).toBe(ghost);
    expect((await as("POST /register", register)).json["errcode"]).toBe("M_USER_IN_USE");
    expect((await as("POST /register", { ...register, username: "ann" })).json["errcode"]).toBe("M_EXCLUSIVE");
    expect((await as(`PUT /devices/RELAY?user_id=${ghost}`, {})).status).toBe(201);
    const who = await as(`GET /account/whoami?user_id=${ghost}&device_id=RELAY`);
    expect(who.json).toMatchObject({ user_id: ghost, device_id: "RELAY" });
  });

  it("lets a service date its events, and no plain account", async () => {
    const { accessToken } = standIn.addUser("Ann");
    await ask(standIn.url, accessToken, `POST /join/${roomId}`, {});
    await as("PUT /rooms/:room/send/m.room.message/d1?ts=1000", text("old"));
    await ask(standIn.url, accessToken, `PUT /rooms/${roomId}/send/m.room.message/d1?ts=1000`, text("new"));
    const [old, recent] = place().said();
    expect(old?.at).toBe(1000);
    expect(recent?.at).toBeGreaterThan(1000);
  });
});
