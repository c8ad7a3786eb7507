import { createDiscordAdapter, type DiscordPart } from "@fanin/adapter-discord";
import {
  type Adapter,
  type ChannelRef,
  type Copy,
  Cursor,
  channelRef,
  type Finding,
  Key,
  type Lost,
  type MessageRef,
  messageRef,
  type Post,
  plainContent,
  type RelayError,
  type RelayEvent,
  stripMarks,
} from "@fanin/core";
import { createDiscordStandIn, type DiscordStandIn, discordRates, type Person, type Place } from "@fanin/sandbox";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Recorder, textOf } from "./recorder.ts";

let discord: DiscordStandIn;
let adapter: Adapter<DiscordPart>;
let ann: Person;
let channel: ChannelRef;
let place: Place;
let inbox: Recorder;
let stop: AbortController;

beforeEach(async () => {
  discord = await createDiscordStandIn({ rateScale: 1000 });
  ann = discord.addUser("ann", { displayName: "Ann Lee" });
  channel = channelRef("discord", discord.addChannel("general"));
  place = discord.place(channel.channel, [ann]);
  adapter = adapterTo(discord);
  inbox = new Recorder();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await adapter.close();
  await vi.waitFor(() => expect(discord.connections()).toBe(0));
  await discord.close();
});

function adapterTo({ apiUrl, token }: { apiUrl: string; token: string }, rateScale = 1000): Adapter<DiscordPart> {
  return createDiscordAdapter({ network: "discord", token, apiUrl, rateScale });
}

async function connect(): Promise<void> {
  await adapter.resolve(channel.channel);
  await adapter.prepare(channel);
  await adapter.connect(inbox, stop.signal);
}

const until = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 5 });
const key = (number: number): Key => Key.parse(number.toString(16).padStart(16, "0"));
const refTo = (message: string): MessageRef => messageRef(channel, message);
const thrown = (call: Promise<unknown>): Promise<RelayError> =>
  call.then(
    () => Promise.reject(new Error("resolved")),
    error => error,
  );

function only(text: string, further: Partial<Post> = {}): DiscordPart {
  const [part] = adapter.render({
    author: { id: "U1", name: "Bo", avatarUrl: "https://pictures.example/bo.png" },
    content: plainContent(text),
    files: [],
    ...further,
  });
  if (!part) throw new Error("nothing was rendered");
  return part;
}

function send(text: string, number: number, further: Partial<Post> = {}): Promise<Copy> {
  return adapter.send(channel, only(text, further), key(number));
}

async function read(after: Cursor): Promise<(RelayEvent | Lost)[]> {
  return Array.fromAsync(adapter.history(channel, after));
}

const shown = (): string[] => place.said().map(({ text }) => text);

test("its rates are those that the stand-in enforces", () => {
  const rates = createDiscordAdapter({ network: "discord", token: "x" }).capabilities.rates;
  expect(rates).toEqual(Object.values(discordRates));
});

describe("check", () => {
  const ids = (findings: Finding[]): string[] => findings.map(({ id }) => id);

  test("finds nothing wrong where nothing is", async () => {
    expect(await adapter.check()).toEqual([]);
    expect(await adapter.check(channel)).toEqual([]);
  });

  test("a wrong token, with its cure and without the token", async () => {
    const wrong = adapterTo({ apiUrl: discord.apiUrl, token: "not.the.token" });
    const [finding] = await wrong.check();
    expect(finding).toMatchObject({ id: "wrong-token", severity: "refuse" });
    expect(JSON.stringify(finding)).not.toContain("not.the.token");
    await wrong.close();
  });

  test("a missing intent", async () => {
    discord.setIntents({ messageContent: false });
    expect(ids(await adapter.check())).toEqual(["missing-intent"]);
  });

  test("each missing permission by its name", async () => {
    discord.setPermissions(["ViewChannel", "SendMessages"], channel.channel);
    const findings = await adapter.check(channel);
    expect(ids(findings)).toEqual(["missing-permission", "missing-permission"]);
    expect(findings.map(({ says }) => says).join()).toMatch(/Read Message History.*Manage Webhooks/);
  });

  test("a channel that it cannot see, that does not exist, that is private, that is a thread", async () => {
    discord.setPermissions([], channel.channel);
    expect(ids(await adapter.check(channel))).toEqual(["no-access"]);
    expect(ids(await adapter.check(channelRef("discord", "290926798626357999")))).toEqual(["unknown-channel"]);
    const hidden = channelRef("discord", discord.addChannel("secret", { isPrivate: true }));
    expect(ids(await adapter.check(hidden))).toEqual(["private"]);
    const open = discord.addChannel("open");
    const message = await discord.place(open, [ann]).say(ann.id, "root");
    const thread = discord.addThread(open, message, { name: "t", by: ann });
    expect(ids(await adapter.check(channelRef("discord", thread)))).toEqual(["wrong-kind"]);
  });

  test("an unreachable Discord is no finding but an error to come back from", async () => {
    discord.faults.down = true;
    expect(await thrown(adapter.check())).toMatchObject({ code: "unreachable", retry: "later" });
  });
});

describe("resolve", () => {
  test("an id, and a name that only one channel has", async () => {
    expect(await adapter.resolve(channel.channel)).toEqual(channel);
    expect(await adapter.resolve("#general")).toEqual(channel);
  });

  test("says what is wrong with others", async () => {
    discord.addChannel("general");
    expect((await thrown(adapter.resolve("#general"))).finding).toMatchObject({ id: "ambiguous-channel" });
    expect((await thrown(adapter.resolve("#nowhere"))).finding).toMatchObject({ id: "unknown-channel" });
    expect((await thrown(adapter.resolve("290926798626357999"))).finding).toMatchObject({ id: "unknown-channel" });
  });
});

describe("the webhook", () => {
  test("is one for all time, and nobody else's", async () => {
    const foreign = discord.addWebhook(channel.channel, { name: "fanin", by: ann });
    const ids = await adapter.prepare(channel);
    const later = adapterTo(discord);
    expect(await later.prepare(channel)).toEqual(ids);
    expect(ids).toContain(discord.botId);
    expect(ids).not.toContain(foreign.id);
    await later.close();
  });

  test("that was deleted is made anew before the next message", async () => {
    const [, , webhook = ""] = await adapter.prepare(channel);
    const copy = await send("before", 1);
    discord.deleteWebhook(webhook);
    expect(await thrown(send("after", 2))).toMatchObject({ code: "unprepared", retry: "later", delivered: "no" });
    await adapter.prepare(channel);
    await send("after", 2);
    expect(shown()).toEqual(["before", "after"]);

    expect(await thrown(adapter.edit(copy, only("changed"), key(3)))).toMatchObject({
      code: "rejected",
      retry: "never",
    });
    await adapter.remove(copy, key(4));
    await adapter.remove(copy, key(4));
    expect(shown()).toEqual(["after"]);
  });

  test("is not known before prepare", async () => {
    expect(await thrown(send("a", 1))).toMatchObject({ code: "unprepared", retry: "later" });
  });
});

describe("what people say", () => {
  beforeEach(connect);

  test("comes as it is said, changed and deleted", async () => {
    const id = await place.say(ann.id, "hello **you**");
    await place.edit(ann.id, id, "hello all");
    await place.remove(ann.id, id);
    await until(() => expect(inbox.texts).toEqual(["hello you", "hello all", "(deleted)"]));
    const [first] = inbox.events;
    expect(first).toMatchObject({
      id: `created:${id}`,
      cursor: id,
      message: { ref: refTo(id), author: { id: ann.id, name: "Ann Lee" } },
    });
    expect(first?.type === "created" && first.message.author.avatarUrl).toMatch(`${discord.cdnUrl}/avatars/${ann.id}/`);
  });

  test("a link's preview is no edit", async () => {
    await place.say(ann.id, "see https://a.example/x");
    await new Promise(setImmediate); // the stand-in finds previews a turn later
    await place.say(ann.id, "next");
    await until(() => expect(inbox.texts).toEqual(["see https://a.example/x", "next"]));
  });

  test("our own comes with its key and what it came through", async () => {
    const ids = await adapter.prepare(channel);
    await send("from afar", 7);
    await until(() => expect(inbox.texts).toEqual(["from afar"]));
    const [event] = inbox.events;
    expect(event).toMatchObject({ message: { key: key(7), author: { name: "Bo" } } });
    expect(event?.type === "created" && event.message.author.via?.every(id => ids.includes(id))).toBe(true);
  });

  test("in a thread it belongs to the channel, and points at the root", async () => {
    const root = await place.say(ann.id, "root");
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    const inside = discord.place(thread, [ann]);
    const first = await inside.say(ann.id, "inside");
    await inside.say(ann.id, "answer", { replyTo: first });
    await inside.edit(ann.id, first, "inside, changed");
    await until(() => expect(inbox.texts).toEqual(["root", "inside", "answer", "inside, changed"]));
    expect(inbox.events[1]).toMatchObject({
      channel,
      message: { ref: refTo(`${thread}/${first}`), thread: refTo(root) },
    });
    expect(inbox.events[2]).toMatchObject({ message: { replyTo: refTo(`${thread}/${first}`), thread: refTo(root) } });
    expect(inbox.events[3]).toMatchObject({ type: "edited", ref: refTo(`${thread}/${first}`) });
  });

  test("in a thread that nobody told us of is read from history", async () => {
    const root = await place.say(ann.id, "root");
    await until(() => expect(inbox.texts).toEqual(["root"]));
    discord.loseNextEvents(1);
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    await discord.place(thread, [ann]).say(ann.id, "inside");
    await until(() => expect(inbox.missedCount).toBeGreaterThan(0));
    expect((await read(Cursor.parse(root))).map(event => (event.type === "lost" ? "lost" : textOf(event)))).toEqual([
      "inside",
    ]);
  });
});

describe("what we say", () => {
  beforeEach(connect);

  test("has the speaker's name, and picture", async () => {
    const copy = await send("hello *you* @everyone", 5);
    const [said] = place.said();
    expect(said).toMatchObject({
      id: copy.ref.message,
      text: "hello *you* @everyone",
      avatarUrl: "https://pictures.example/bo.png",
    });
    expect(stripMarks(said?.author ?? "")).toBe("Bo");
  });

  test("is in the relay's name where nobody speaks", async () => {
    const [part] = adapter.render({ content: plainContent("a notice"), files: [] });
    if (part) await adapter.send(channel, part, key(1));
    expect(stripMarks(place.said()[0]?.author ?? "")).toBe("fanin");
  });

  test("mentions whom it means to, and nobody by their words, also when edited", async () => {
    const person = { type: "userMention" as const, network: channel.network, person: ann.id, name: "Ann" };
    const text = { type: "text" as const, value: ` and not <@${discord.botId}>` };
    const content = { type: "root" as const, children: [{ type: "paragraph" as const, children: [person, text] }] };
    const copy = await send("", 1, { content });
    await adapter.edit(copy, only("", { content }), key(2));
    expect(shown()).toEqual([`@Ann Lee and not <@${discord.botId}>`]);
    await until(() => expect(inbox.events).toHaveLength(2));
    for (const event of inbox.events) expect(JSON.stringify(event).split('"userMention"')).toHaveLength(2);
  });

  test("answers with a line that an edit leaves in place", async () => {
    const question = await place.say(ann.id, "question?");
    const copy = await send("answer", 1, { replyTo: { ref: refTo(question), author: "Ann Lee" } });
    expect(shown()[1]).toBe("↪ Ann Lee\nanswer");
    await adapter.edit(copy, only("better answer"), key(2));
    expect(shown()[1]).toBe("↪ Ann Lee\nbetter answer");
    const plain = await send("plain", 3);
    await adapter.edit(plain, only("plainer"), key(4));
    expect(shown()[2]).toBe("plainer");
  });

  test("goes into the thread of its root, or answers the root where there is none", async () => {
    const [root, lone] = [await place.say(ann.id, "root"), await place.say(ann.id, "lone")];
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    const copy = await send("inside", 1, { thread: { ref: refTo(root), author: "Ann Lee" } });
    expect(copy.ref.message).toMatch(`${thread}/`);
    const reply = await send("deeper", 2, { replyTo: { ref: copy.ref, handle: copy.handle, author: "Bo" } });
    expect(reply.ref.message).toMatch(`${thread}/`);
    await send("beside", 3, { thread: { ref: refTo(lone), author: "Ann Lee" } });
    expect(
      discord
        .place(thread, [])
        .said()
        .map(({ text }) => text),
    ).toEqual(["inside", "↪ Bo\ndeeper"]);
    expect(shown().at(-1)).toBe("↪ Ann Lee\nbeside");
  });

  test("in a closed thread can still be changed and deleted", async () => {
    const root = await place.say(ann.id, "root");
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    const copy = await send("inside", 1, { thread: { ref: refTo(root) } });
    discord.archiveThread(thread);
    await adapter.edit(copy, only("changed"), key(2));
    expect(
      discord
        .place(thread, [])
        .said()
        .map(({ text }) => text),
    ).toEqual(["changed"]);
    discord.archiveThread(thread);
    await adapter.remove(copy, key(3));
    expect(discord.place(thread, []).said()).toEqual([]);
  });

  test("is deleted once and for all, and cannot be changed then", async () => {
    const copy = await send("a", 1);
    await adapter.remove(copy, key(2));
    await adapter.remove(copy, key(3));
    expect(shown()).toEqual([]);
    expect(await thrown(adapter.edit(copy, only("b"), key(4)))).toMatchObject({ code: "not-found" });
  });

  test("is posted once, whatever the answer", async () => {
    discord.faults.add({ calls: /POST .*\/webhooks\//, times: 1, answer: 500, when: "after" });
    expect(await thrown(send("a", 1))).toMatchObject({ code: "unreachable", retry: "later", delivered: "unknown" });
    discord.faults.add({ calls: /POST .*\/webhooks\//, times: 1, answer: "reset", when: "after" });
    expect(await thrown(send("b", 2))).toMatchObject({ code: "unreachable", retry: "later", delivered: "unknown" });
    expect(shown()).toEqual(["a", "b"]);
  });

  test("told to wait, it does not wait here", async () => {
    discord.faults.add({ calls: /POST .*\/webhooks\//, times: 1, answer: 429, when: "before", retryAfterMs: 60_000 });
    const error = await thrown(send("a", 1));
    expect(error).toMatchObject({ code: "rate-limited", retry: "later", delivered: "no" });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(60_000);
    expect(shown()).toEqual([]);
  });
});

describe("the documented rate", () => {
  test("is met without a call too many, and each refusal says when to come again", async () => {
    const slow = await createDiscordStandIn();
    const writer = adapterTo(slow, 1);
    const ref = channelRef("discord", slow.addChannel("slow"));
    await writer.prepare(ref);
    const burst = discordRates.webhook.amount + 3;
    const sends = Array.from({ length: burst }, (_, number) => writer.send(ref, only(String(number)), key(number + 1)));
    const refused = (await Promise.allSettled(sends)).filter(result => result.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: "rate-limited", delivered: "no" });
      expect(reason.retryAfterMs).toBeGreaterThan(0);
    }
    expect(slow.place(ref.channel, []).said()).toHaveLength(burst - refused.length);
    await writer.close();
    await slow.close();
  });
});

describe("recall", () => {
  beforeEach(connect);

  test("finds what arrived without an answer, and nothing else", async () => {
    const before = await send("before", 1);
    discord.faults.add({ calls: /POST .*\/webhooks\//, times: 1, answer: 502, when: "after" });
    await thrown(send("arrived", 2));
    const found = await adapter.recall(channel, only("arrived"), key(2), before.ref);
    expect(found).toMatchObject({ ref: refTo(place.said()[1]?.id ?? "") });
    expect(await adapter.recall(channel, only("never"), key(3), before.ref)).toBe("absent");
    expect(await adapter.recall(channel, only("arrived"), key(2), undefined)).toEqual(found);
    if (typeof found === "object") await adapter.edit(found, only("changed"), key(4));
    expect(shown()).toEqual(["before", "changed"]);
  });

  test("finds it in a thread, also if it was sent before there was one", async () => {
    const root = await place.say(ann.id, "root");
    const part = only("answer", { thread: { ref: refTo(root), author: "Ann Lee" } });
    const outside = await adapter.send(channel, part, key(1));
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    await until(() => expect(inbox.texts).toContain("root"));
    expect(await adapter.recall(channel, part, key(1), refTo(root))).toEqual(outside);
    const inside = await send("inside", 2, { thread: { ref: refTo(root) } });
    expect(inside.ref.message).toMatch(`${thread}/`);
    expect(await adapter.recall(channel, part, key(2), refTo(root))).toEqual(inside);
  });

  test("cannot tell where it may not read", async () => {
    const before = await send("before", 1);
    await send("arrived", 2);
    discord.setPermissions(["ViewChannel", "SendMessages", "ManageWebhooks"], channel.channel);
    expect(await adapter.recall(channel, only("arrived"), key(2), before.ref)).toBe("unknown");
  });
});

describe("history", () => {
  const texts = (events: readonly (RelayEvent | Lost)[]): string[] =>
    events.map(event => (event.type === "lost" ? `lost: ${event.why}` : textOf(event)));

  test("is what came live, in the same order and under the same ids", async () => {
    await connect();
    const from = await adapter.head(channel);
    const root = await place.say(ann.id, "one");
    const thread = discord.place(discord.addThread(channel.channel, root, { name: "talk", by: ann }), [ann]);
    await thread.say(ann.id, "two");
    await place.say(ann.id, "three");
    await thread.say(ann.id, "four");
    await until(() => expect(inbox.events).toHaveLength(4));
    const events = await read(from);
    expect(events).toEqual(inbox.events);
    expect(await read(Cursor.parse(inbox.events[1]?.cursor))).toEqual(inbox.events.slice(2));
  });

  test("reaches over many pages", async () => {
    const from = await adapter.head(channel);
    const said = Array.from({ length: 250 }, (_, number) => `message ${number}`);
    for (const text of said) await place.say(ann.id, text);
    expect(texts(await read(from))).toEqual(said);
  });

  test("starts now: after the last message, also in a thread", async () => {
    const root = await place.say(ann.id, "old");
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    await discord.place(thread, [ann]).say(ann.id, "old too");
    const from = await adapter.head(channel);
    expect(await read(from)).toEqual([]);
    await place.say(ann.id, "new");
    expect(texts(await read(from))).toEqual(["new"]);
  });

  test("holds what was said in a thread that was closed meanwhile", async () => {
    const root = await place.say(ann.id, "root");
    const thread = discord.addThread(channel.channel, root, { name: "talk", by: ann });
    await discord.place(thread, [ann]).say(ann.id, "inside");
    discord.archiveThread(thread);
    expect(texts(await read(Cursor.parse(root)))).toEqual(["inside"]);
  });

  test("that may not be read is said to be lost", async () => {
    const from = await adapter.head(channel);
    await place.say(ann.id, "unseen");
    discord.setPermissions(["ViewChannel"], channel.channel);
    expect(texts(await read(from))).toEqual(["lost: the bot may not read the channel's message history"]);
  });
});

describe("the connection", () => {
  test("that is cut is taken up again, without a gap", async () => {
    await connect();
    discord.dropSockets();
    await place.say(ann.id, "meanwhile");
    await until(() => expect(inbox.texts).toEqual(["meanwhile"]));
    discord.reconnect();
    await place.say(ann.id, "again");
    await until(() => expect(inbox.texts).toEqual(["meanwhile", "again"]));
    await until(() => expect(inbox.states.at(-1)).toEqual({ state: "connected" }));
    expect(inbox.missedCount).toBe(0);
  });

  test("whose session is lost says so", async () => {
    await connect();
    discord.invalidSession(false);
    await until(() => expect(inbox.missedCount).toBe(1));
    expect(inbox.states.map(({ state }) => state)).toEqual(["connected", "connecting", "connected"]);
  });

  test("is refused for want of the intent", async () => {
    discord.setIntents({ messageContent: false });
    const error = await thrown(connect());
    expect(error).toMatchObject({ code: "unauthorized", retry: "never", finding: { id: "missing-intent" } });
  });

  test("that cannot be had now can be had later", async () => {
    await adapter.prepare(channel);
    discord.faults.down = true;
    expect(await thrown(adapter.connect(inbox, stop.signal))).toMatchObject({ code: "unreachable", retry: "later" });
    discord.faults.clear();
    await adapter.connect(inbox, stop.signal);
    await place.say(ann.id, "hello");
    await until(() => expect(inbox.texts).toEqual(["hello"]));
  });

  test("that is refused for good afterwards is reported as failed", async () => {
    await connect();
    discord.setIntents({ messageContent: false });
    discord.invalidSession(false);
    await until(() => expect(inbox.states.at(-1)).toMatchObject({ state: "failed", error: { code: "unauthorized" } }));
  });

  test("two accounts in one process do not take up each other's sessions", async () => {
    const other = await createDiscordStandIn();
    const elsewhere = other.place(other.addChannel("there"), [other.addUser("Cy")]);
    const second = adapterTo(other);
    const heard = new Recorder();
    await connect();
    await second.connect(heard, stop.signal);
    discord.dropSockets();
    await elsewhere.say(elsewhere.people[0]?.id ?? "", "there");
    await place.say(ann.id, "here");
    await until(() => expect([inbox.texts, heard.texts]).toEqual([["here"], ["there"]]));
    await second.close();
    await other.close();
  });

  test("ends with the signal, also while it is being taken up again", async () => {
    await connect();
    discord.dropSockets();
    await until(() => expect(inbox.states.at(-1)).toEqual({ state: "connecting" }));
    stop.abort();
    await adapter.close();
    await until(() => expect(discord.connections()).toBe(0));
  });
});

describe("a channel is lost", () => {
  beforeEach(connect);

  test("when it is deleted", async () => {
    discord.removeChannel(channel.channel);
    await until(() => expect(inbox.losses).toMatchObject([[channel, { id: "unknown-channel" }]]));
  });

  test("when the bot is removed", async () => {
    discord.kickBot();
    await until(() => expect(inbox.losses).toMatchObject([[channel, { id: "no-access" }]]));
  });

  test("when the bot may no longer see it, and not before", async () => {
    discord.setPermissions(["ViewChannel"], channel.channel);
    discord.setPermissions([], channel.channel);
    await until(() => expect(inbox.losses[0]).toMatchObject([channel, { id: "no-access" }]));
  });
});
