import { createSlackAdapter, type SlackPart } from "@fanin/adapter-slack";
import {
  type Adapter,
  type ChannelRef,
  type Content,
  type Copy,
  type Cursor,
  channelRef,
  type Finding,
  Key,
  messageRef,
  type Post,
  plainContent,
  RelayError,
  type RelayEvent,
} from "@fanin/core";
import { adapterContract } from "@fanin/core/contract";
import { createSlackStandIn, type Person, type Place, type SlackStandIn, slackRates } from "@fanin/sandbox";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Recorder, textOf } from "./recorder.ts";

let slack: SlackStandIn;
let adapter: Adapter<SlackPart>;
let ann: Person;
let channel: ChannelRef;
let place: Place;
let inbox: Recorder;
let stop: AbortController;

async function start(timeScale = 1): Promise<void> {
  slack = await createSlackStandIn({ rateScale: 1000, timeScale });
  ann = slack.addUser("Ann Lee", { displayName: "ann" });
  channel = channelRef("slack", slack.addChannel("general", { members: [ann] }));
  place = slack.place(channel.channel, [ann]);
  adapter = adapterTo(slack);
}

function adapterTo({
  apiUrl,
  botToken,
  appToken,
}: Pick<SlackStandIn, "apiUrl" | "botToken" | "appToken">): Adapter<SlackPart> {
  return createSlackAdapter({ network: "slack", botToken, appToken, apiUrl });
}

async function connect(): Promise<void> {
  await adapter.prepare(channel);
  await adapter.connect(inbox, stop.signal);
}

beforeEach(async () => {
  inbox = new Recorder();
  stop = new AbortController();
  await start();
});
afterEach(async () => {
  stop.abort();
  await adapter.close();
  await slack.close();
});

const newKey = (): Key => Key.parse(crypto.randomUUID().replaceAll("-", "").slice(0, 16));
const bob = { id: "@bob:hub", name: "Bob" };
const post = (text: string, more: Partial<Post> = {}): Post => ({
  author: bob,
  content: plainContent(text),
  files: [],
  ...more,
});

function partOf(said: Post): SlackPart {
  const [part] = adapter.render(said);
  if (!part) throw new Error("nothing was rendered");
  return part;
}
const send = (text: string, more: Partial<Post> = {}, key = newKey()): Promise<Copy> =>
  adapter.send(channel, partOf(post(text, more)), key);

async function history(after: Cursor): Promise<RelayEvent[]> {
  const events: RelayEvent[] = [];
  for await (const item of adapter.history(channel, after)) if (item.type !== "lost") events.push(item);
  return events;
}
const created = (event: RelayEvent | undefined) => (event?.type === "created" ? event.message : undefined);
const shownIds = (): string[] => place.said().map(({ id }) => id);

describe("the contract", () => {
  adapterContract(test, async () => {
    const own = await createSlackStandIn({ rateScale: 1000 });
    const zoe = own.addUser("Zoe Fox");
    const room = own.addChannel("contract", { members: [zoe], bot: false });
    const shown = own.place(room, [zoe]);
    return {
      adapter: adapterTo(own),
      channel: channelRef("slack", room),
      say: (text, replyTo) => shown.say(zoe.id, text, replyTo === undefined ? {} : { replyTo }),
      edit: (id, text) => shown.edit(zoe.id, id, text),
      remove: id => shown.remove(zoe.id, id),
      shown: () => shown.said(),
      close: () => own.close(),
    };
  });
});

describe("listening", () => {
  test("gives messages with who said them, and nothing of unfurls", async () => {
    await connect();
    const ts = await place.say(ann.id, `look at *this* <https://example.org|page>, <@${ann.id}> :wave:`);
    slack.unfurl(channel.channel, ts);
    await place.edit(ann.id, ts, "look again");
    await expect.poll(() => inbox.texts).toEqual(["look at this page (https://example.org), @ann 👋", "look again"]);
    expect(created(inbox.events[0])?.author).toMatchObject({ id: ann.id, name: "ann", avatarUrl: expect.any(String) });
  });

  test("acknowledges only what was kept: the rest comes again", async () => {
    await adapter.close();
    await slack.close();
    await start(0.01);
    await connect();
    const refusal = new RelayError("store-full", "the disk is full", { retry: "later" });
    let refusals = 1;
    inbox.answer = () => (refusals-- > 0 ? Promise.reject(refusal) : Promise.resolve());
    await place.say(ann.id, "keep me");
    await expect.poll(() => inbox.texts).toEqual(["keep me", "keep me"]);
    expect(inbox.events[0]?.id).toBe(inbox.events[1]?.id);
  });

  test("keeps the order while names are looked up", async () => {
    const speakers = Array.from({ length: 5 }, (_, at) => slack.addUser(`Speaker ${at}`));
    const stage = slack.place(channel.channel, [ann, ...speakers]);
    await connect();
    await stage.say(ann.id, "0");
    slack.faults.latencyMs = 20;
    for (const [at, speaker] of speakers.entries()) await stage.say(speaker.id, `${at + 1}`);
    await stage.say(ann.id, "6");
    await expect.poll(() => inbox.texts).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  });

  test("shows an id where Slack can't say the name", async () => {
    await connect();
    slack.faults.add({ calls: /users\.info/, answer: 503, when: "before" });
    await place.say(ann.id, "who am I?");
    await expect.poll(() => created(inbox.events[0])?.author.name).toBe(ann.id);
  });

  test("hears its own posts by the ids that prepare gave", async () => {
    const own = await adapter.prepare(channel);
    await connect();
    await send("mine");
    await expect.poll(() => inbox.texts).toEqual(["mine"]);
    expect(own).toEqual(expect.arrayContaining(created(inbox.events[0])?.author.via ?? ["none"]));
    expect(own).toEqual(expect.arrayContaining([slack.botId, slack.appId, slack.botUserId]));
  });

  test.each([
    ["kicked", () => slack.removeFromChannel(channel.channel, slack.botUserId)],
    ["archived", () => slack.archive(channel.channel)],
  ])("tells that it was %s", async (id, happen) => {
    await connect();
    happen();
    await expect.poll(() => inbox.losses).toMatchObject([[channel, { id, channel }]]);
  });
});

describe("the connection", () => {
  test.each([
    ["a dropped socket", () => slack.dropSockets()],
    ["a recycled host", () => slack.disconnect("refresh_requested")],
  ])("comes back after %s, and says that events may be missing", async (_name, happen) => {
    await connect();
    happen();
    await expect.poll(() => inbox.missedCount).toBe(1);
    expect(inbox.states.map(({ state }) => state)).toEqual(["connecting", "connected", "connecting", "connected"]);
    await place.say(ann.id, "still there?");
    await expect.poll(() => inbox.texts).toEqual(["still there?"]);
  });

  test("outlives an outage", async () => {
    await connect();
    slack.faults.down = true;
    slack.dropSockets();
    await expect.poll(() => inbox.states.at(-1)?.state).toBe("connecting");
    await place.say(ann.id, "while away");
    slack.faults.clear();
    await expect.poll(() => inbox.missedCount, { timeout: 20_000 }).toBe(1);
  });

  test("waits for Slack to be there at the first time too", async () => {
    slack.faults.add({ calls: /apps\.connections\.open/, times: 1, answer: 503, when: "before" });
    await connect();
    expect(inbox.states.map(({ state }) => state)).toEqual(["connecting", "connected"]);
  });

  test("gives up once the app is refused, and says so", async () => {
    const wrong = createSlackAdapter({
      network: "slack",
      botToken: "xoxb-no",
      appToken: "xapp-no",
      apiUrl: slack.apiUrl,
    });
    await expect(wrong.connect(inbox, stop.signal)).rejects.toMatchObject({ code: "unauthorized" });
    await wrong.close();
  });

  test("closes while it is connecting", async () => {
    slack.faults.add({ calls: /apps\.connections\.open/, answer: "hang", when: "before" });
    const connecting = adapter.connect(inbox, stop.signal);
    await adapter.close();
    await expect(connecting).rejects.toMatchObject({ code: "stopped" });
  });

  test("leaves no socket behind", async () => {
    await connect();
    expect(slack.connections()).toBe(1);
    await adapter.close();
    await expect.poll(() => slack.connections()).toBe(0);
  });
});

describe("sending", () => {
  test("stands under the author's name until it is edited, then says the name in its text", async () => {
    const copy = await send("first");
    expect(place.said()).toMatchObject([{ id: copy.ref.message, author: "Bob", text: "first", relayed: true }]);
    await adapter.edit(copy, partOf(post("second")), newKey());
    expect(place.said()).toMatchObject([{ id: copy.ref.message, text: "Bob: second", edited: true }]);
  });

  test("answers originals and copies in their threads", async () => {
    const question = await place.say(ann.id, "question");
    const answer = await send("answer", { replyTo: { ref: messageRef(channel, question) } });
    const { ref, handle } = answer;
    const again = await send("and more", { replyTo: { ref, handle } });
    expect(place.said().map(({ replyTo }) => replyTo)).toEqual([undefined, question, question]);
    expect([answer.handle, again.handle]).toEqual([question, question]);
    await connect();
    const reply = await place.say(ann.id, "thanks", { replyTo: question });
    await expect.poll(() => created(inbox.events.at(-1))?.ref.message).toBe(reply);
    expect(created(inbox.events.at(-1))).toMatchObject({
      replyTo: messageRef(channel, question),
      thread: messageRef(channel, question),
    });
  });

  test("is one call, and settled by looking", async () => {
    const before = await send("before");
    const key = newKey();
    const said = partOf(post("lost answer"));
    for (const answer of [503, "reset"] as const) {
      slack.faults.add({ calls: /chat\.postMessage/, times: 1, answer, when: "before" });
      await expect(adapter.send(channel, said, key)).rejects.toMatchObject({
        code: "unreachable",
        delivered: "unknown",
      });
      expect(await adapter.recall(channel, said, key, before.ref)).toBe("absent");
    }
    slack.faults.add({ calls: /chat\.postMessage/, times: 1, answer: "reset", when: "after" });
    await expect(adapter.send(channel, said, key)).rejects.toMatchObject({ delivered: "unknown" });
    const [, id] = shownIds();
    expect(await adapter.recall(channel, said, key, before.ref)).toEqual({
      ref: messageRef(channel, id ?? ""),
      handle: "",
    });
    expect(shownIds()).toHaveLength(2);
  });

  test("finds a copy in its thread", async () => {
    const question = await place.say(ann.id, "question");
    const key = newKey();
    const said = partOf(post("answer", { replyTo: { ref: messageRef(channel, question) } }));
    const copy = await adapter.send(channel, said, key);
    expect(await adapter.recall(channel, said, key, undefined)).toEqual(copy);
    expect(await adapter.recall(channel, said, newKey(), undefined)).toBe("absent");
  });

  test("does not know where it can't look", async () => {
    slack.faults.add({ calls: /conversations\.history/, answer: 503, when: "before" });
    expect(await adapter.recall(channel, partOf(post("x")), newKey(), undefined)).toBe("unknown");
  });

  test("says when to come again", async () => {
    slack.faults.add({ calls: /chat\.postMessage/, times: 1, answer: 429, when: "before", retryAfterMs: 2000 });
    await expect(send("too fast")).rejects.toMatchObject({ code: "rate-limited", delivered: "no", retryAfterMs: 2000 });
  });

  test("says what is gone and what is not ours", async () => {
    const copy = await send("soon gone");
    await adapter.remove(copy, newKey());
    await adapter.remove(copy, newKey());
    await expect(adapter.edit(copy, partOf(post("x")), newKey())).rejects.toMatchObject({
      code: "not-found",
      retry: "never",
    });
    const theirs = { ref: messageRef(channel, await place.say(ann.id, "mine")), handle: "" };
    await expect(adapter.edit(theirs, partOf(post("x")), newKey())).rejects.toMatchObject({ code: "rejected" });
    slack.removeFromChannel(channel.channel, slack.botUserId);
    await expect(send("x")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("mentions nobody, whatever the text says", async () => {
    await send("<!channel> @here <@U123> &lt;!here&gt;");
    expect(place.said()[0]?.text).toBe("<!channel> @here <@U123> &lt;!here&gt;");
  });

  test("shows what is typed as it was typed", async () => {
    const content: Content = {
      type: "root",
      children: [
        { type: "paragraph", children: [{ type: "text", value: "2 * 3 * 4 = *24* `not code` _x_" }] },
        { type: "code", value: "if (a < b && c) { *p = 1; }" },
      ],
    };
    await connect();
    await send("", { content });
    await expect.poll(() => created(inbox.events[0])?.content).toEqual(content);
  });
});

describe("history", () => {
  test("starts at now, whatever a thread said last", async () => {
    const root = await place.say(ann.id, "old");
    await place.say(ann.id, "older than now", { replyTo: root });
    expect(await history(await adapter.head(channel))).toEqual([]);
  });

  test("reads on from every page, oldest first", async () => {
    const head = await adapter.head(channel);
    const said = Array.from({ length: 450 }, (_, at) => `line ${at}`);
    for (const line of said) await place.say(ann.id, line);
    expect((await history(head)).map(textOf)).toEqual(said);
  });

  test("finds what threads went on with, roots before the cursor too, and each broadcast once", async () => {
    const old = await place.say(ann.id, "old root");
    const head = await adapter.head(channel);
    const young = await place.say(ann.id, "new root");
    await place.say(ann.id, "to the old", { replyTo: old });
    await place.say(ann.id, "to the new", { replyTo: young });
    await place.say(ann.id, "last");
    const read = await history(head);
    expect(read.map(textOf)).toEqual(["new root", "to the old", "to the new", "last"]);
    expect(read.map(event => created(event)?.thread?.message)).toEqual([undefined, old, young, undefined]);
    expect(read.map(({ cursor }) => cursor)).toEqual(read.map(event => created(event)?.ref.message));
  });

  test("tells of a deleted root with replies, by its tombstone", async () => {
    const head = await adapter.head(channel);
    const root = await place.say(ann.id, "root");
    await place.say(ann.id, "reply", { replyTo: root });
    await place.remove(ann.id, root);
    expect((await history(head)).map(({ type }) => type)).toEqual(["deleted", "created"]);
  });

  test("shows our copies with their keys", async () => {
    const head = await adapter.head(channel);
    const key = newKey();
    await send("mine", {}, key);
    expect(created((await history(head))[0])).toMatchObject({
      key,
      author: { name: "Bob", via: [slack.botId, slack.appId] },
    });
  });

  test.each(["conversations.history", "users.info"])("stops where %s is limited, and says until when", async calls => {
    const head = await adapter.head(channel);
    await place.say(ann.id, "x");
    slack.faults.add({ calls: new RegExp(calls), answer: 429, when: "before", retryAfterMs: 3000 });
    await expect(history(head)).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 3000 });
  });
});

describe("checking", () => {
  const ids = async (found: Promise<Finding[]>): Promise<string[]> => (await found).map(({ id }) => id);

  test("finds nothing wrong where nothing is", async () => {
    expect(await adapter.check()).toEqual([]);
    expect(await adapter.check(channel)).toEqual([]);
  });

  test("names the scopes that are missing", async () => {
    slack.setScopes(["channels:read", "chat:write", "chat:write.customize", "channels:join", "usergroups:read"]);
    const [finding, ...more] = await adapter.check();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ id: "missing-scope", severity: "refuse" });
    expect(finding?.says).toContain("channels:history, users:read");
  });

  test("runs without a scope that it can do without, and says what of it", async () => {
    slack.setScopes([
      "channels:history",
      "channels:read",
      "channels:join",
      "chat:write",
      "users:read",
      "usergroups:read",
    ]);
    expect(await adapter.check()).toMatchObject([{ id: "missing-scope", severity: "warn" }]);
  });

  test("tells a wrong bot token from a wrong app token", async () => {
    const { apiUrl, botToken, appToken } = slack;
    const wrongBot = adapterTo({ apiUrl, appToken, botToken: "xoxb-secret" });
    const wrongApp = adapterTo({ apiUrl, botToken, appToken: "xapp-secret" });
    const [bot] = await wrongBot.check();
    const [app] = await wrongApp.check();
    expect([bot?.id, app?.id]).toEqual(["wrong-token", "wrong-token"]);
    expect([bot?.says, app?.says]).toEqual([expect.stringContaining("botToken"), expect.stringContaining("appToken")]);
    expect(JSON.stringify([bot, app])).not.toContain("secret");
    await Promise.all([wrongBot.close(), wrongApp.close()]);
  });

  test("rejects where Slack can't be reached", async () => {
    slack.faults.down = true;
    await expect(adapter.check()).rejects.toMatchObject({ code: "unreachable", retry: "later" });
  });

  test("says what hinders a link", async () => {
    const hidden = channelRef("slack", slack.addChannel("hidden", { isPrivate: true }));
    const closed = channelRef("slack", slack.addChannel("closed", { isPrivate: true, bot: false }));
    const apart = channelRef("slack", slack.addChannel("apart", { bot: false }));
    slack.archive(channel.channel);
    expect(await ids(adapter.check(hidden))).toEqual(["private"]);
    expect(await ids(adapter.check(closed))).toEqual(["unknown-channel"]);
    expect(await ids(adapter.check(apart))).toEqual(["not-joined"]);
    expect(await ids(adapter.check(channel))).toEqual(["archived"]);
    expect(await ids(adapter.check(channelRef("slack", "C0NOSUCH")))).toEqual(["unknown-channel"]);
  });

  test("joins public channels when prepared, and private ones never", async () => {
    const apart = channelRef("slack", slack.addChannel("apart", { bot: false }));
    await adapter.prepare(apart);
    expect(await adapter.check(apart)).toEqual([]);
    const closed = channelRef("slack", slack.addChannel("closed", { isPrivate: true, bot: false }));
    await expect(adapter.prepare(closed)).rejects.toMatchObject({ finding: { id: "unknown-channel" } });
  });

  test("finds channels by name and by id", async () => {
    expect(await adapter.resolve("#general")).toEqual(channel);
    expect(await adapter.resolve("general")).toEqual(channel);
    expect(await adapter.resolve(channel.channel)).toEqual(channel);
    await expect(adapter.resolve("#no-such")).rejects.toMatchObject({
      code: "bad-config",
      finding: { id: "unknown-channel" },
    });
    await expect(adapter.resolve("C0NOSUCH1")).rejects.toMatchObject({ finding: { id: "unknown-channel" } });
  });
});

test("declares the rates that the stand-in holds it to", () => {
  expect(adapter.capabilities.rates).toEqual(slackRates);
});
