import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBotClient } from "../matrix/bot-sdk.fixture.ts";
import { createMatrixStandIn, type MatrixStandIn } from "../matrix/stand-in.ts";
import { createIrcNetwork, type IrcNetwork } from "./network.ts";
import { createIrcPortal, type IrcPortal, type IrcPortalOptions } from "./portal.ts";

let standIn: MatrixStandIn;
let network: IrcNetwork;
const portals: IrcPortal[] = [];

beforeEach(async () => {
  standIn = await createMatrixStandIn({ serverName: "hs", rateScale: Number.POSITIVE_INFINITY });
  network = createIrcNetwork("libera");
});

afterEach(async () => {
  for (const portal of portals.splice(0)) portal.close();
  await standIn.close();
});

function open(options: Partial<IrcPortalOptions> = {}): IrcPortal {
  const portal = createIrcPortal({
    homeserver: standIn,
    network,
    channel: "#chan",
    people: ["joe", "op7"],
    ...options,
  });
  portals.push(portal);
  return portal;
}

async function relayIn(roomId: string) {
  const relay = standIn.addUser("Relay");
  const client = createBotClient(standIn.url, relay.accessToken);
  await client.joinRoom(roomId);
  return { relay, client };
}

const onIrc = (portal: IrcPortal) =>
  portal
    .place()
    .said()
    .map(({ author, text }) => `<${author}> ${text}`);
const inMatrix = (roomId: string) =>
  standIn
    .place(roomId, [])
    .said()
    .map(({ author, text }) => `${author}: ${text}`);

describe("a portal", () => {
  it("is a public room of the bridge's own, where a relay may talk and no more", async () => {
    const portal = open();
    expect(portal.alias).toBe("#irc_#chan:hs");
    const { client } = await relayIn("#irc_#chan:hs");
    const state = (type: string) => client.getRoomStateEvent(portal.roomId, type, "");
    expect(await state("m.room.name")).toEqual({ name: "#chan" });
    expect(await state("m.room.join_rules")).toEqual({ join_rule: "public" });
    expect(await state("m.room.history_visibility")).toEqual({ history_visibility: "joined" });
    const create = await client.getRoomStateEvent(portal.roomId, "m.room.create", "");
    expect(create).toEqual({ room_version: "12" });
    await expect(client.sendStateEvent(portal.roomId, "m.room.topic", "", {})).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it("carries both ways, with one client for the relay", async () => {
    const portal = open();
    const { relay, client } = await relayIn(portal.roomId);
    await client.sendText(portal.roomId, "Carol: hello");
    await client.sendText(portal.roomId, "Dave: hello too");
    await portal.place().say("joe", "hi\nthere");
    await portal.place().say("op7", "/me waves at Relay[m]");
    expect(onIrc(portal)).toEqual([
      "<Relay[m]> Carol: hello",
      "<Relay[m]> Dave: hello too",
      "<joe> hi",
      "<joe> there",
      "<op7> waves at Relay[m]",
    ]);
    expect(
      portal
        .place()
        .said()
        .map(({ relayed }) => relayed),
    ).toEqual([true, true, false, false, false]);
    expect(inMatrix(portal.roomId)).toEqual([
      "Relay: Carol: hello",
      "Relay: Dave: hello too",
      "joe: hi",
      "joe: there",
      "op7: waves at Relay[m]",
    ]);
    const last = standIn.homeserver.room(portal.roomId).timeline.at(-1)?.event;
    expect(last).toMatchObject({
      sender: "@irc_op7:hs",
      content: {
        msgtype: "m.emote",
        formatted_body: `waves at <a href="https://matrix.to/#/${relay.id}">Relay[m]</a>`,
      },
    });
  });

  it("writes edits as one more line, and nothing for redactions", async () => {
    const portal = open();
    const { client } = await relayIn(portal.roomId);
    const id = await client.sendText(portal.roomId, "Carol: the quick brown fox");
    const edit = (body: string) =>
      client.sendMessage(portal.roomId, {
        msgtype: "m.text",
        body: `* ${body}`,
        "m.new_content": { msgtype: "m.text", body },
        "m.relates_to": { rel_type: "m.replace", event_id: id },
      });
    await edit("Carol: the quick red fox");
    await edit("Carol: the quick pink fox");
    await client.redactEvent(portal.roomId, id);
    await portal.place().say("joe", "what?");
    expect(onIrc(portal)).toEqual([
      "<Relay[m]> Carol: the quick brown fox",
      "<Relay[m]> s/brown/red/",
      "<Relay[m]> s/red/pink/",
      "<joe> what?",
    ]);
  });

  it("has no edits or deletes on IRC, and says so", async () => {
    const place = open().place();
    const id = await place.say("joe", "typo");
    expect(place.canEdit).toBe(false);
    await expect(place.edit("joe", id, "type")).rejects.toThrow("IRC has no edits");
    await expect(place.remove("joe", id)).rejects.toThrow("cannot take a line back");
  });

  it("lets the first line come out last while the client connects, and says so in a status room", async () => {
    const portal = open({ connectMs: 20 });
    const { relay, client } = await relayIn(portal.roomId);
    for (const n of [0, 1, 2]) await client.sendText(portal.roomId, `${n}`);
    await vi.waitFor(() => expect(onIrc(portal)).toEqual(["<Relay[m]> 1", "<Relay[m]> 2", "<Relay[m]> 0"]));
    const account = standIn.homeserver.accounts.get(relay.id);
    const invited = [...(account?.rooms.values() ?? [])].find(({ membership }) => membership === "invite");
    expect(invited && inMatrix(invited.room.id)).toEqual([
      "IRC Bridge: You've been connected to the IRC network 'libera' as Relay[m].",
    ]);
  });
});

describe("moderation on IRC", () => {
  it("kicks from the room who is kicked from the channel", async () => {
    const portal = open();
    const { relay, client } = await relayIn(portal.roomId);
    await client.sendText(portal.roomId, "Carol: hello");
    portal.channel.kick("op7", "Relay[m]", "why");
    const member = standIn.homeserver.room(portal.roomId).stateEvent("m.room.member", relay.id)?.event;
    expect(member).toMatchObject({
      sender: portal.bot,
      content: { membership: "leave", reason: "op7 has kicked this user from #chan (why)" },
    });
    await expect(client.sendText(portal.roomId, "x")).rejects.toMatchObject({ statusCode: 403 });
    await client.joinRoom(portal.roomId);
    await client.sendText(portal.roomId, "Carol: back");
    await vi.waitFor(() => expect(onIrc(portal)).toContain("<Relay[m]> Carol: back"));
  });

  it("silences without a word who is banned inside, and expels who comes back banned", async () => {
    const portal = open();
    const { relay, client } = await relayIn(portal.roomId);
    await client.sendText(portal.roomId, "Carol: one");
    portal.channel.ban("Relay[m]");
    await client.sendText(portal.roomId, "Carol: two");
    portal.channel.kick("op7", "Relay[m]");
    await client.joinRoom(portal.roomId);
    await client.sendText(portal.roomId, "Carol: three");
    await vi.waitFor(() => {
      const content = standIn.homeserver.room(portal.roomId).state("m.room.member", relay.id);
      expect(content?.["reason"]).toBe("IRC error on #chan: err_bannedfromchan");
    });
    expect(onIrc(portal)).toEqual(["<Relay[m]> Carol: one"]);
  });

  it("mirrors moderation and ranks as power", async () => {
    const portal = open();
    const { relay, client } = await relayIn(portal.roomId);
    await client.sendText(portal.roomId, "Carol: one");
    portal.channel.setMode("m", true);
    await expect(client.sendText(portal.roomId, "x")).rejects.toMatchObject({ statusCode: 403 });
    portal.channel.setRank("Relay[m]", "+");
    await client.sendText(portal.roomId, "Carol: voiced");
    await vi.waitFor(() => expect(onIrc(portal)).toContain("<Relay[m]> Carol: voiced"));
    expect(standIn.homeserver.room(portal.roomId).state("m.room.power_levels")).toMatchObject({
      events_default: 1,
      users: { [relay.id]: 1 },
    });
  });

  it("of the bridge itself cuts IRC to Matrix, unnoticed", async () => {
    const portal = open();
    const { client } = await relayIn(portal.roomId);
    portal.channel.kick("op7", "MatrixBot");
    await portal.place().say("joe", "anybody?");
    await client.sendText(portal.roomId, "Carol: hello?");
    await vi.waitFor(() => expect(onIrc(portal)).toEqual(["<joe> anybody?", "<Relay[m]> Carol: hello?"]));
    expect(inMatrix(portal.roomId)).toEqual(["Relay: Carol: hello?"]);
  });
});

describe("a plumbed room", () => {
  it("is joined by the bridge and keeps its own name", async () => {
    const roomId = standIn.addRoom({ name: "Hub" });
    const portal = open({ plumbed: roomId });
    expect([portal.roomId, portal.alias]).toEqual([roomId, undefined]);
    const hub = standIn.place(roomId, [{ id: "@ann:hs", name: "Ann" }]);
    await hub.say("@ann:hs", "hello IRC");
    await vi.waitFor(() => expect(onIrc(portal)).toEqual(["<Ann[m]> hello IRC"]));
    await portal.place().say("joe", "hello Matrix");
    expect(inMatrix(roomId)).toEqual(["Ann: hello IRC", "joe: hello Matrix"]);
  });

  it("beside a portal of the same channel hears the other room as one more nick", async () => {
    const plumbed = open({ plumbed: standIn.addRoom({ name: "Hub" }) });
    const portal = open();
    await standIn.place(plumbed.roomId, [{ id: "@ann:hs", name: "Ann" }]).say("@ann:hs", "hello");
    await vi.waitFor(() => expect(inMatrix(portal.roomId)).toEqual(["Ann[m]: hello"]));
    await portal.place().say("joe", "hi");
    expect(inMatrix(plumbed.roomId)).toEqual(["Ann: hello", "joe: hi"]);
    expect(inMatrix(portal.roomId)).toEqual(["Ann[m]: hello", "joe: hi"]);
    expect(onIrc(portal)).toEqual(["<Ann[m]> hello", "<joe> hi"]);
  });
});

it("kicks on IRC whose ghost is kicked in Matrix", async () => {
  const portal = open({ plumbed: standIn.addRoom() });
  await portal.place().say("joe", "spam");
  const admin = createBotClient(standIn.url, standIn.addUser("admin").accessToken);
  await admin.kickUser("@irc_joe:hs", portal.roomId, "enough");
  await vi.waitFor(() => expect(portal.channel.has("joe")).toBe(false));
});
