import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBotClient } from "./bot-sdk.fixture.ts";
import { ask } from "./client.fixture.ts";
import { createMatrixStandIn, type MatrixStandIn, type MatrixUser } from "./stand-in.ts";

let standIn: MatrixStandIn;
let relay: MatrixUser;
let ann: MatrixUser;

beforeEach(async () => {
  standIn = await createMatrixStandIn({ serverName: "hs", rateScale: Number.POSITIVE_INFINITY });
  relay = standIn.addUser("Relay");
  ann = standIn.addUser("Ann");
});

afterEach(async () => {
  await standIn.close();
});

describe("the SDK's client over /sync", () => {
  it("joins by alias, hears a person, answers in a thread of state, edits and redacts", async () => {
    const roomId = standIn.addRoom({ name: "Hub", aliasLocalpart: "hub" });
    const place = standIn.place(roomId, [{ id: ann.id, name: "Ann" }]);
    const client = createBotClient(standIn.url, relay.accessToken);
    const heard: string[] = [];
    client.on("room.message", (room, event) => heard.push(`${room} ${event.sender} ${event.content.body}`));

    expect(await client.getUserId()).toBe("@relay:hs");
    expect(await client.resolveRoom("#hub:hs")).toBe(roomId);
    expect(await client.joinRoom("#hub:hs")).toBe(roomId);
    await client.start();
    await place.say(ann.id, "hello");
    await vi.waitFor(() => expect(heard).toEqual([`${roomId} @ann:hs hello`]));

    const id = await client.sendText(roomId, "hi Ann");
    await client.sendEvent(roomId, "m.room.message", {
      msgtype: "m.text",
      body: "* hi, Ann",
      "m.new_content": { msgtype: "m.text", body: "hi, Ann" },
      "m.relates_to": { rel_type: "m.replace", event_id: id },
    });
    expect(place.said().map(({ author, text, edited }) => [author, text, edited])).toEqual([
      ["Ann", "hello", false],
      ["Relay", "hi, Ann", true],
    ]);
    await client.redactEvent(roomId, id, "oops");
    expect(place.said().map(({ text }) => text)).toEqual(["hello"]);
    const because = { redacted_because: { content: { reason: "oops" } } };
    expect(await client.getRawEvent(roomId, id)).toMatchObject({ content: {}, unsigned: because });
    client.stop();
  });

  it("hears that it was kicked, and may not send or come back uninvited", async () => {
    const roomId = standIn.addRoom({ preset: "private_chat", invite: [relay.id] });
    const client = createBotClient(standIn.url, relay.accessToken);
    const left: unknown[] = [];
    const invited: string[] = [];
    client.on("room.leave", (room, event) => left.push([room, event.sender, event.content.reason]));
    client.on("room.invite", room => invited.push(room));
    await client.start();
    await vi.waitFor(() => expect(invited).toEqual([roomId]));
    await client.joinRoom(roomId);
    const admin = standIn.addUser("admin");
    await createBotClient(standIn.url, admin.accessToken).kickUser(relay.id, roomId, "spam");

    await vi.waitFor(() => expect(left).toEqual([[roomId, "@admin:hs", "spam"]]));
    await expect(client.sendText(roomId, "still here?")).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await expect(client.joinRoom(roomId)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    client.stop();
  });

  it("uploads and downloads", async () => {
    const client = createBotClient(standIn.url, relay.accessToken);
    const uri = await client.uploadContent(Buffer.from("picture"), "image/png", "a.png");
    const { data, contentType } = await client.downloadContent(uri);
    expect([data.toString(), contentType]).toEqual(["picture", "image/png"]);
    const config = await client.doRequest("GET", "/_matrix/client/v1/media/config");
    expect(config).toEqual({ "m.upload.size": 52_428_800 });
  });
});

describe("/sync and history", () => {
  it("truncates a long timeline, and /messages fills the gap", async () => {
    const roomId = standIn.addRoom();
    const place = standIn.place(roomId, [
      { id: ann.id, name: "Ann" },
      { id: relay.id, name: "Relay" },
    ]);
    const first = await ask(standIn.url, relay.accessToken, "GET /sync");
    for (let n = 1; n <= 7; n += 1) await place.say(ann.id, `m${n}`);
    const filter = encodeURIComponent(JSON.stringify({ room: { timeline: { limit: 2 } } }));
    const since = String(first.json["next_batch"]);
    const client = createBotClient(standIn.url, relay.accessToken);
    const sync = await client.doRequest("GET", `/_matrix/client/v3/sync?since=${since}&filter=${filter}`);
    const { timeline } = sync.rooms.join[roomId];
    const bodies = (events: { content: { body?: string } }[]) => events.map(({ content }) => content.body);
    expect([timeline.limited, bodies(timeline.events)]).toEqual([true, ["m6", "m7"]]);

    const path = `/_matrix/client/v3/rooms/${roomId}/messages`;
    const gap = await client.doRequest("GET", path, { dir: "b", from: timeline.prev_batch, to: since, limit: 3 });
    expect(bodies(gap.chunk)).toEqual(["m5", "m4", "m3"]);
    const rest = await client.doRequest("GET", path, { dir: "b", from: gap.end, to: since, limit: 3 });
    expect([bodies(rest.chunk), rest.end]).toEqual([["m2", "m1"], undefined]);
    const forward = await client.doRequest("GET", path, { dir: "f", from: since, limit: 100 });
    expect(bodies(forward.chunk)).toEqual(["m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
    const end = await client.doRequest("GET", path, { dir: "f", from: forward.end });
    expect([end.chunk, end.end]).toEqual([[], undefined]);
  });

  it("gives the tokens around an event", async () => {
    const roomId = standIn.addRoom();
    const place = standIn.place(roomId, [{ id: relay.id, name: "Relay" }]);
    const ids = [await place.say(relay.id, "a"), await place.say(relay.id, "b"), await place.say(relay.id, "c")];
    const client = createBotClient(standIn.url, relay.accessToken);
    const at = await client.doRequest("GET", `/_matrix/client/v3/rooms/${roomId}/context/${ids[1]}`, { limit: 0 });
    expect([at.event.event_id, at.events_before, at.events_after]).toEqual([ids[1], [], []]);
    const page = (dir: string, from: string) =>
      client.doRequest("GET", `/_matrix/client/v3/rooms/${roomId}/messages`, { dir, from, limit: 1 });
    expect((await page("f", at.end)).chunk[0].event_id).toBe(ids[2]);
    expect((await page("b", at.start)).chunk[0].event_id).toBe(ids[0]);
    expect((await page("f", at.start)).chunk[0].event_id).toBe(ids[1]);
  });

  it("finds an event by its time, and what relates to one", async () => {
    const roomId = standIn.addRoom();
    const place = standIn.place(roomId, [{ id: relay.id, name: "Relay" }]);
    const id = await place.say(relay.id, "a");
    await place.edit(relay.id, id, "b");
    const client = createBotClient(standIn.url, relay.accessToken);
    const room = `/_matrix/client/v1/rooms/${roomId}`;
    const related = await client.doRequest("GET", `${room}/relations/${id}/m.replace`);
    expect(related.chunk.map(({ content }: { content: unknown }) => content)).toMatchObject([{ body: "* b" }]);
    const first = await client.doRequest("GET", `${room}/timestamp_to_event`, { ts: 0, dir: "f" });
    expect(await client.getRawEvent(roomId, first.event_id)).toMatchObject({ type: "m.room.create" });
    expect(await client.getRawEvent(roomId, id)).toMatchObject({
      unsigned: { "m.relations": { "m.replace": { content: { body: "* b" } } } },
    });
  });

  it("truncates every timeline while told to", async () => {
    const roomId = standIn.addRoom();
    const place = standIn.place(roomId, [{ id: relay.id, name: "Relay" }]);
    const first = await ask(standIn.url, relay.accessToken, "GET /sync");
    await place.say(relay.id, "a");
    await place.say(relay.id, "b");
    standIn.faults.timelineLimit = 1;
    const sync = () => ask(standIn.url, relay.accessToken, `GET /sync?since=${first.json["next_batch"]}`);
    expect(JSON.stringify((await sync()).json)).toContain('"limited":true');
    standIn.faults.clear();
    expect(JSON.stringify((await sync()).json)).toContain('"limited":false');
  });

  it("waits for news, ends at the time-out, and is cut when told", async () => {
    const roomId = standIn.addRoom();
    const place = standIn.place(roomId, [{ id: relay.id, name: "Relay" }]);
    const { json } = await ask(standIn.url, relay.accessToken, "GET /sync");
    const poll = (timeout: number) =>
      ask(standIn.url, relay.accessToken, `GET /sync?since=${json["next_batch"]}&timeout=${timeout}`);
    expect((await poll(10)).json["rooms"]).toEqual({ join: {}, invite: {}, leave: {} });

    const cut = poll(30_000);
    await vi.waitFor(() => expect(standIn.pollsOf(relay.id)).toBe(1));
    standIn.dropPolls();
    await expect(cut).rejects.toThrow();

    const news = poll(30_000);
    await vi.waitFor(() => expect(standIn.pollsOf(relay.id)).toBe(1));
    await place.say(relay.id, "news");
    expect(JSON.stringify((await news).json)).toContain('"body":"news"');
  });

  it("shows nothing from before the own join where the room says so", async () => {
    const initialState = [
      { type: "m.room.history_visibility", stateKey: "", content: { history_visibility: "joined" } },
    ];
    const roomId = standIn.addRoom({ initialState });
    const place = standIn.place(roomId, [{ id: ann.id, name: "Ann" }]);
    await place.say(ann.id, "secret");
    const client = createBotClient(standIn.url, relay.accessToken);
    await client.joinRoom(roomId);
    await place.say(ann.id, "welcome");
    const page = await client.doRequest("GET", `/_matrix/client/v3/rooms/${roomId}/messages`, { dir: "b" });
    expect(JSON.stringify(page)).toContain("welcome");
    expect(JSON.stringify([page, await client.doRequest("GET", "/_matrix/client/v3/sync")])).not.toContain("secret");
  });
});

describe("permissions and state", () => {
  it("holds people to their power", async () => {
    const roomId = standIn.addRoom({ powerLevels: { events_default: 10, users: { [ann.id]: 50 } } });
    standIn.place(roomId, [
      { id: ann.id, name: "Ann" },
      { id: relay.id, name: "Relay" },
    ]);
    const client = createBotClient(standIn.url, relay.accessToken);
    const moderator = createBotClient(standIn.url, ann.accessToken);
    await expect(client.sendText(roomId, "hello?")).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    const id = await moderator.sendText(roomId, "hello");
    await expect(client.redactEvent(roomId, id)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await expect(client.sendStateEvent(roomId, "m.room.name", "", { name: "x" })).rejects.toMatchObject({
      statusCode: 403,
    });
    await moderator.sendStateEvent(roomId, "m.room.name", "", { name: "Ours" });
    expect(await client.getRoomStateEvent(roomId, "m.room.name", "")).toEqual({ name: "Ours" });
    await expect(client.getRoomStateEvent(roomId, "m.room.encryption", "")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("keeps own keys in the own member event until the profile changes", async () => {
    const roomId = standIn.addRoom();
    const client = createBotClient(standIn.url, relay.accessToken);
    await client.doRequest("POST", `/_matrix/client/v3/join/${roomId}`, null, { "org.fanin": "here" });
    const member = () => client.getRoomStateEvent(roomId, "m.room.member", relay.id);
    expect(await member()).toMatchObject({ membership: "join", displayname: "Relay", "org.fanin": "here" });
    await client.sendStateEvent(roomId, "m.room.member", relay.id, { membership: "join", "org.fanin": "still" });
    expect(await member()).toMatchObject({ "org.fanin": "still" });
    await client.setDisplayName("Fan");
    expect(await member()).toEqual({ membership: "join", displayname: "Fan" });
    expect(Object.keys(await client.getJoinedRoomMembersWithProfiles(roomId))).toContain(relay.id);
  });

  it("lets a client make a room, invite, and find its alias", async () => {
    const client = createBotClient(standIn.url, relay.accessToken);
    const roomId = await client.createRoom({
      preset: "private_chat",
      name: "Den",
      invite: [ann.id],
      room_alias_name: "den",
    });
    expect(roomId).toMatch(/^![\w-]{43}$/);
    const other = createBotClient(standIn.url, ann.accessToken);
    await other.joinRoom("#den:hs");
    expect(await other.getJoinedRooms()).toEqual([roomId]);
    expect((await other.getRoomMembers(roomId)).length).toBe(2);
    await client.setAccountData("org.fanin", { seen: 1 });
    expect(await client.getAccountData("org.fanin")).toEqual({ seen: 1 });
  });

  it("shows who is outside that a public room exists, and nothing in it", async () => {
    const roomId = standIn.addRoom({ name: "Hub", aliasLocalpart: "hub" });
    const client = createBotClient(standIn.url, relay.accessToken);
    const summary = await client.doRequest("GET", "/_matrix/client/v1/room_summary/%23hub:hs");
    expect(summary).toMatchObject({ room_id: roomId, name: "Hub", join_rule: "public", num_joined_members: 1 });
    await expect(client.getRoomState(roomId)).rejects.toMatchObject({ statusCode: 403 });
    await client.joinRoom(roomId);
    expect((await client.getRoomState(roomId)).map(({ type }) => type)).toContain("m.room.power_levels");
  });

  it("answers what it does not know as a homeserver does", async () => {
    expect(await ask(standIn.url, relay.accessToken, "GET /nothing/here")).toMatchObject({
      status: 404,
      json: { errcode: "M_UNRECOGNIZED" },
    });
    expect(await ask(standIn.url, "wrong", "GET /joined_rooms")).toMatchObject({
      status: 401,
      json: { errcode: "M_UNKNOWN_TOKEN" },
    });
    expect(await ask(standIn.url, relay.accessToken, "POST /join/%23none:hs", {})).toMatchObject({
      status: 404,
      json: { errcode: "M_NOT_FOUND" },
    });
  });
});
