import { App, LogLevel } from "@slack/bolt";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Person, Place } from "../place.ts";
import { createSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "./stand-in.ts";

const slackEvent = z.object({
  ack: z.custom<() => Promise<void>>(value => typeof value === "function"),
  envelope_id: z.string(),
  retry_num: z.number(),
  retry_reason: z.string(),
  body: z.object({
    event_id: z.string(),
    event: z.looseObject({
      type: z.string(),
      subtype: z.string().optional(),
      ts: z.string().optional(),
      text: z.string().optional(),
      message: z.looseObject({ ts: z.string(), text: z.string() }).optional(),
    }),
  }),
});
type Received = z.infer<typeof slackEvent>;

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

interface Scene {
  readonly slack: SlackStandIn;
  readonly web: WebClient;
  readonly ann: Person;
  readonly channel: string;
  readonly place: Place;
}

async function start(options: SlackStandInOptions = {}): Promise<Scene> {
  const slack = await createSlackStandIn({ rateScale: 1000, ...options });
  ending.push(() => slack.close());
  const web = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
  const ann = slack.addUser("Ann");
  const channel = slack.addChannel("general", { members: [ann] });
  return { slack, web, ann, channel, place: slack.place(channel, [ann]) };
}

/** A real client that acknowledges all it gets, unless told otherwise. */
async function connect(
  slack: SlackStandIn,
  onEvent = (event: Received): Promise<void> => event.ack(),
): Promise<Received[]> {
  const client = new SocketModeClient({
    appToken: slack.appToken,
    clientOptions: { slackApiUrl: slack.apiUrl },
    // Also how long it waits before it connects anew.
    clientPingTimeout: 500,
    logLevel: LogLevel.ERROR,
  });
  const received: Received[] = [];
  client.on("slack_event", async (raw: unknown) => {
    const event = slackEvent.parse(raw);
    received.push(event);
    await onEvent(event);
  });
  await client.start();
  ending.push(() => client.disconnect());
  return received;
}

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 5 });
const textsOf = (events: readonly Received[]) =>
  events.map(({ body }) => body.event.text ?? body.event.subtype ?? body.event.type);

test("a message of a person comes with blocks, escaped text and its place in time", async () => {
  const { slack, ann, channel, place } = await start();
  const events = await connect(slack);
  const ts = await place.say(ann.id, "*hi* & bye");
  await eventually(() => expect(events).toHaveLength(1));
  const { event } = events[0]?.body ?? {};
  expect(event).toMatchObject({
    type: "message",
    user: ann.id,
    channel,
    channel_type: "channel",
    ts,
    event_ts: ts,
    text: "*hi* &amp; bye",
  });
  expect(event).toHaveProperty("client_msg_id");
  expect(event).toMatchObject({ blocks: [{ type: "rich_text" }] });
});

test("the event of a post is with the client before the answer to it", async () => {
  const { slack, web, channel } = await start();
  const order: string[] = [];
  await connect(slack, async ({ ack, body }) => {
    order.push(`event ${body.event.ts}`);
    await ack();
  });
  const expected: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const { ts } = await web.chat.postMessage({ channel, text: "hello", username: "Bea" });
    order.push(`answer ${ts}`);
    expected.push(`event ${ts}`, `answer ${ts}`);
  }
  expect(order).toEqual(expected);
});

test("metadata stays out of events; a custom name leaves no user", async () => {
  const { slack, web, channel } = await start();
  const events = await connect(slack);
  const metadata = { event_type: "fanin", event_payload: { mark: "m1" } };
  await web.chat.postMessage({ channel, text: "marked", username: "Bea", metadata });
  await eventually(() => expect(events).toHaveLength(1));
  expect(events[0]?.body.event).toMatchObject({
    subtype: "bot_message",
    bot_id: slack.botId,
    app_id: slack.appId,
    username: "Bea",
  });
  expect(Object.keys(events[0]?.body.event ?? {})).not.toEqual(expect.arrayContaining(["metadata"]));
  expect(Object.keys(events[0]?.body.event ?? {})).not.toEqual(expect.arrayContaining(["user"]));
});

test("edits, previews, tombstones and deletes come as hidden messages of their own", async () => {
  const { slack, ann, channel, place } = await start();
  const events = await connect(slack);
  const ts = await place.say(ann.id, "https://x.org");
  slack.unfurl(channel, ts);
  await place.edit(ann.id, ts, "edited");
  const reply = await place.say(ann.id, "reply", { replyTo: ts });
  await place.remove(ann.id, ts);
  await place.remove(ann.id, reply);
  await eventually(() => expect(events).toHaveLength(6));
  const [said, preview, edit, answer, tombstone, removal] = events.map(({ body }) => body.event);
  expect(preview).toMatchObject({
    subtype: "message_changed",
    hidden: true,
    message: { ts, attachments: [{ id: 1 }] },
  });
  expect(preview?.message).not.toHaveProperty("edited");
  expect(preview?.ts).not.toBe(ts);
  expect(edit).toMatchObject({
    message: { text: "edited", edited: { user: ann.id } },
    previous_message: { text: said?.text },
  });
  expect(answer).toMatchObject({ thread_ts: ts, parent_user_id: ann.id });
  expect(tombstone).toMatchObject({ subtype: "message_changed", message: { subtype: "tombstone", ts } });
  expect(removal).toMatchObject({ subtype: "message_deleted", deleted_ts: reply, previous_message: { text: "reply" } });
});

test("what is not acknowledged comes again, under the same event id", async () => {
  const { slack, ann, place } = await start({ timeScale: 0.02 });
  const events = await connect(slack, async ({ ack, retry_num }) => {
    if (retry_num > 0) await ack();
  });
  await place.say(ann.id, "again");
  await eventually(() => expect(events).toHaveLength(2));
  const [first, second] = events;
  expect(second?.body.event_id).toBe(first?.body.event_id);
  expect(second?.envelope_id).not.toBe(first?.envelope_id);
  expect(second).toMatchObject({ retry_num: 1, retry_reason: "timeout" });
});

test("each event goes to one of several connections", async () => {
  const { slack, ann, place } = await start();
  const [one, two] = [await connect(slack), await connect(slack)];
  const said = ["1", "2", "3", "4"];
  for (const text of said) await place.say(ann.id, text);
  await eventually(() => expect(one.length + two.length).toBe(said.length));
  expect(textsOf([...one, ...two]).toSorted()).toEqual(said);
  expect(one.length).toBeGreaterThan(0);
  expect(two.length).toBeGreaterThan(0);
});

test("repeats and losses happen when ordered", async () => {
  const { slack, ann, place } = await start();
  const events = await connect(slack);
  slack.repeatNextEvents(1);
  for (const text of ["twice", "once"]) await place.say(ann.id, text);
  slack.loseNextEvents(1);
  for (const text of ["lost", "last"]) await place.say(ann.id, text);
  await eventually(() => expect(textsOf(events)).toEqual(["twice", "twice", "once", "last"]));
  expect(events[1]?.body.event_id).toBe(events[0]?.body.event_id);
  expect(place.said()).toHaveLength(4);
});

test.each(["refresh_requested", "warning", "link_disabled"] as const)(
  "a client told %s connects anew",
  async reason => {
    const { slack, ann, place } = await start();
    const events = await connect(slack);
    slack.disconnect(reason);
    await eventually(() => expect(slack.connections()).toBe(0));
    await eventually(() => expect(slack.connections()).toBe(1));
    await place.say(ann.id, "back");
    await eventually(() => expect(textsOf(events)).toEqual(["back"]));
  },
);

test("what was unacknowledged when the socket dropped comes again on the next", async () => {
  const { slack, ann, place } = await start({ timeScale: 0.05 });
  const events = await connect(slack, async ({ ack, retry_num }) => {
    if (retry_num > 0) await ack();
    else slack.dropSockets();
  });
  await place.say(ann.id, "dropped");
  await eventually(() => expect(textsOf(events)).toEqual(["dropped", "dropped"]));
  expect(events[1]?.body.event_id).toBe(events[0]?.body.event_id);
});

test("while it is down, calls and sockets are cut", async () => {
  const { slack, web, ann, channel, place } = await start();
  const events = await connect(slack);
  slack.faults.down = true;
  await expect(web.chat.postMessage({ channel, text: "x" })).rejects.toThrow();
  await place.say(ann.id, "unheard");
  await eventually(() => expect(slack.connections()).toBe(0));
  slack.faults.clear();
  await eventually(() => expect(slack.connections()).toBe(1));
  await place.say(ann.id, "heard");
  await eventually(() => expect(textsOf(events)).toContain("heard"));
});

test("an eleventh connection is turned away", async () => {
  const { slack } = await start();
  const app = new WebClient(slack.appToken, { slackApiUrl: slack.apiUrl, logLevel: LogLevel.ERROR });
  const greetings: unknown[] = [];
  for (let count = 0; count < 11; count += 1) {
    const socket = new WebSocket((await app.apps.connections.open({})).url ?? "");
    socket.addEventListener("message", ({ data }) => greetings.push(JSON.parse(String(data))));
  }
  await eventually(() => expect(greetings).toHaveLength(11));
  expect(greetings).toContainEqual(expect.objectContaining({ type: "hello", num_connections: 10 }));
  expect(greetings).toContainEqual(expect.objectContaining({ type: "disconnect", reason: "too_many_websockets" }));
});

test("a kick is told as channel_left, and then the channel is silent", async () => {
  const { slack, web, ann, channel, place } = await start();
  const secret = slack.addChannel("secret", { isPrivate: true, members: [ann] });
  const events = await connect(slack);
  slack.removeFromChannel(channel, slack.botUserId);
  slack.removeFromChannel(secret, slack.botUserId);
  await place.say(ann.id, "unheard");
  slack.addToChannel(channel, slack.botUserId);
  await place.say(ann.id, "heard");
  await eventually(() => {
    expect(textsOf(events).slice(0, 3)).toEqual(["channel_left", "group_left", "member_joined_channel"]);
    expect(textsOf(events).at(-1)).toBe("heard");
  });
  expect(textsOf(events)).not.toContain("unheard");
  await expect(web.conversations.info({ channel: secret })).rejects.toMatchObject({
    data: { error: "channel_not_found" },
  });
});

test("people come and go, channels are archived, within the scopes", async () => {
  const { slack, channel } = await start();
  const events = await connect(slack);
  const bob = slack.addUser("Bob");
  slack.addToChannel(channel, bob.id);
  slack.removeFromChannel(channel, bob.id);
  slack.archive(channel);
  slack.setScopes(["channels:history"]);
  slack.unarchive(channel);
  await eventually(() => expect(events).toHaveLength(7));
  expect(events.map(({ body: { event } }) => event.subtype ?? event.type)).toEqual([
    ...["member_joined_channel", "channel_join", "member_left_channel", "channel_leave"],
    ...["channel_archive", "channel_archive", "channel_unarchive"],
  ]);
});

test("a Bolt app hears people and not itself", async () => {
  const { slack, ann, place } = await start();
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
  });
  app.message(async ({ message, say }) => {
    await say({ text: `heard: ${message.subtype === undefined && message.text}`, username: "Echo" });
  });
  await app.start();
  ending.push(async () => {
    await app.stop();
    // It resolves before its socket is closed.
    await eventually(() => expect(slack.connections()).toBe(0));
  });
  await place.say(ann.id, "one");
  await eventually(() => expect(place.said()).toHaveLength(2));
  await place.say(ann.id, "two");
  await eventually(() => expect(place.said()).toHaveLength(4));
  expect(place.said().map(({ author, text }) => `${author}: ${text}`)).toEqual([
    ...["Ann: one", "Echo: heard: one", "Ann: two", "Echo: heard: two"],
  ]);
});
