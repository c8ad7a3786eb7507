import { type ChatPostMessageResponse, LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person, Place } from "../place.ts";
import { createSlackStandIn, type SlackStandIn } from "./stand-in.ts";
import { relayScopes } from "./workspace.ts";

let slack: SlackStandIn;
let web: WebClient;
let ann: Person;
let channel: string;
let place: Place;

const started: SlackStandIn[] = [];

async function start(rateScale = 1000): Promise<void> {
  slack = await createSlackStandIn({ rateScale });
  started.push(slack);
  web = clientOf(slack.botToken);
  ann = slack.addUser("Ann Lee", { displayName: "ann" });
  channel = slack.addChannel("general", { members: [ann] });
  place = slack.place(channel, [ann]);
}

function clientOf(token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

const tsOf = ({ ts = "" }: ChatPostMessageResponse): string => ts;
const refusedWith = (error: string, fields = {}) => ({ data: { ok: false, error, ...fields } });

beforeEach(() => start());
afterEach(async () => {
  await Promise.all(started.splice(0).map(each => each.close()));
});

test("tells who the token belongs to and what it may do", async () => {
  const answer = await web.auth.test();
  const { teamId: team_id, botUserId: user_id, botId: bot_id } = slack;
  expect(answer).toMatchObject({ ok: true, team_id, user_id, bot_id, response_metadata: { scopes: relayScopes } });
});

test("refuses with Slack's own words", async () => {
  await expect(clientOf("xoxb-wrong").auth.test()).rejects.toMatchObject(refusedWith("invalid_auth"));
  await expect(clientOf(slack.appToken).users.list({})).rejects.toMatchObject(refusedWith("not_allowed_token_type"));
  await expect(web.apiCall("no.such")).rejects.toMatchObject(refusedWith("unknown_method"));
  await expect(web.chat.postMessage({ channel: "C0", text: "x" })).rejects.toMatchObject(
    refusedWith("channel_not_found"),
  );
  await expect(web.apiCall("chat.postMessage", { channel })).rejects.toMatchObject(refusedWith("no_text"));
  await expect(web.apiCall("users.info")).rejects.toMatchObject(refusedWith("invalid_arguments"));
  await expect(web.chat.update({ channel, ts: "1.0", text: "x" })).rejects.toMatchObject(
    refusedWith("message_not_found"),
  );
  const ts = await place.say(ann.id, "mine");
  await expect(web.chat.update({ channel, ts, text: "x" })).rejects.toMatchObject(refusedWith("cant_update_message"));
  await expect(web.chat.delete({ channel, ts })).rejects.toMatchObject(refusedWith("cant_delete_message"));
});

test("names the scope that is missing", async () => {
  slack.setScopes(["chat:write", "groups:history"]);
  const provided = "chat:write,groups:history";
  const read = web.conversations.history({ channel });
  await expect(read).rejects.toMatchObject(refusedWith("missing_scope", { needed: "channels:history", provided }));
  await expect(web.users.info({ user: ann.id })).rejects.toMatchObject(
    refusedWith("missing_scope", { needed: "users:read" }),
  );
});

test("takes JSON as well as forms", async () => {
  const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${slack.botToken}` },
    body: JSON.stringify({
      channel,
      text: "json",
      blocks: [{ type: "section", text: { type: "mrkdwn", text: "*json*" } }],
    }),
  });
  expect(response.headers.get("x-oauth-scopes")).toContain("chat:write");
  expect(await response.json()).toMatchObject({ ok: true, message: { text: "json", blocks: [{ type: "section" }] } });
});

test("a post under a custom name has no user; an edit brings the app's own name back", async () => {
  const name = { username: "Bea (IRC)", icon_url: "http://127.0.0.1/b.png" };
  const posted = await web.chat.postMessage({ channel, text: "hello", ...name });
  expect(posted.message).toMatchObject({
    subtype: "bot_message",
    username: "Bea (IRC)",
    bot_id: slack.botId,
    app_id: slack.appId,
  });
  expect(posted.message?.user).toBeUndefined();
  expect(place.said()).toMatchObject([{ author: "Bea (IRC)", relayed: true, avatarUrl: name.icon_url, edited: false }]);
  const updated = await web.chat.update({ channel, ts: tsOf(posted), text: "hello!" });
  expect(updated.message).toMatchObject({ user: slack.botUserId, text: "hello!" });
  expect(place.said()).toMatchObject([{ author: "Relay", relayed: true, text: "hello!", edited: true }]);
});

test("without chat:write.customize the name is ignored in silence", async () => {
  slack.setScopes(relayScopes.filter(scope => scope !== "chat:write.customize"));
  const posted = await web.chat.postMessage({ channel, text: "hello", username: "Bea" });
  expect(posted.message).toMatchObject({ user: slack.botUserId, bot_id: slack.botId, app_id: slack.appId });
  expect(place.said()).toMatchObject([{ author: "Relay" }]);
});

test("a long post is cut, a long edit refused", async () => {
  const posted = await web.chat.postMessage({ channel, text: "x".repeat(40_001) });
  expect(posted.message?.text).toHaveLength(40_000);
  const edit = { channel, ts: tsOf(posted) };
  await expect(web.chat.update({ ...edit, text: "x".repeat(4001) })).rejects.toMatchObject(refusedWith("msg_too_long"));
  await web.chat.update({ ...edit, text: "x".repeat(4000) });
  expect(place.said()[0]?.text).toHaveLength(4000);
});

test("an edit of the text leaves blocks that an app sent, and so what people read", async () => {
  const blocks = [{ type: "section", text: { type: "plain_text", text: "in a block" } }];
  const posted = await web.chat.postMessage({ channel, text: "fallback", blocks });
  await web.chat.update({ channel, ts: tsOf(posted), text: "changed" });
  expect(place.said()[0]?.text).toBe("in a block");
  await web.chat.update({ channel, ts: tsOf(posted), text: "changed", blocks: [] });
  expect(place.said()[0]?.text).toBe("changed");
});

test("history comes newest first, in pages that new messages do not shift", async () => {
  const said: string[] = [];
  for (const text of ["1", "2", "3", "4", "5"]) said.push(await place.say(ann.id, text));
  const first = await web.conversations.history({ channel, limit: 2 });
  await place.say(ann.id, "6");
  const cursor = first.response_metadata?.next_cursor ?? "";
  const second = await web.conversations.history({ channel, limit: 3, cursor });
  expect([first, second].map(({ has_more }) => has_more)).toEqual([true, false]);
  const texts = [...(first.messages ?? []), ...(second.messages ?? [])].map(({ text }) => text);
  expect(texts).toEqual(["5", "4", "3", "2", "1"]);
  const [, two = "", , four = ""] = said;
  const between = await web.conversations.history({ channel, oldest: two, latest: four });
  expect(between.messages?.map(({ text }) => text)).toEqual(["3"]);
  const around = await web.conversations.history({ channel, oldest: two, latest: four, inclusive: true });
  expect(around.messages?.map(({ text }) => text)).toEqual(["4", "3", "2"]);
  expect(said).toEqual(said.toSorted());
});

test("a page begins where the cursor says, even if that message is gone", async () => {
  const said: string[] = [];
  for (const text of ["1", "2", "3"]) said.push(await place.say(ann.id, text));
  const first = await web.conversations.history({ channel, limit: 1 });
  await place.remove(ann.id, said[1] ?? "");
  const cursor = first.response_metadata?.next_cursor ?? "";
  expect((await web.conversations.history({ channel, cursor })).messages?.map(({ text }) => text)).toEqual(["1"]);
  await place.remove(ann.id, said[0] ?? "");
  expect((await web.conversations.history({ channel, cursor })).messages).toEqual([]);
  const wrong = web.conversations.history({ channel, cursor: "wrong" });
  await expect(wrong).rejects.toMatchObject(refusedWith("invalid_cursor"));
});

test("history shows of a thread its parent, replies the whole of it, oldest first", async () => {
  const parent = await place.say(ann.id, "parent");
  const one = await web.chat.postMessage({ channel, text: "one", thread_ts: parent });
  const two = await place.say(ann.id, "two", { replyTo: tsOf(one) });
  const { messages } = await web.conversations.history({ channel });
  expect(messages).toMatchObject([{ text: "parent", thread_ts: parent, reply_count: 2, latest_reply: two }]);
  const thread = await web.conversations.replies({ channel, ts: parent });
  expect(thread.messages?.map(({ text }) => text)).toEqual(["parent", "one", "two"]);
  const late = await web.conversations.replies({ channel, ts: parent, oldest: tsOf(one) });
  expect(late.messages?.map(({ text }) => text)).toEqual(["parent", "two"]);
  expect(place.said().map(({ text, replyTo }) => [text, replyTo])).toEqual([
    ["parent", undefined],
    ["one", parent],
    ["two", parent],
  ]);
});

test("a reply to a message that is gone stands in the channel", async () => {
  const gone = await place.say(ann.id, "gone");
  await place.remove(ann.id, gone);
  const posted = await web.chat.postMessage({ channel, text: "reply", thread_ts: gone });
  expect(posted.message?.thread_ts).toBeUndefined();
});

test("metadata is in history, for those who ask", async () => {
  const metadata = { event_type: "fanin", event_payload: { mark: "m1" } };
  await web.chat.postMessage({ channel, text: "marked", metadata });
  expect((await web.conversations.history({ channel })).messages?.[0]).not.toHaveProperty("metadata");
  const asked = await web.conversations.history({ channel, include_all_metadata: true });
  expect(asked.messages).toMatchObject([{ metadata }]);
});

test("a thread's parent leaves a tombstone while it has replies", async () => {
  const parent = tsOf(await web.chat.postMessage({ channel, text: "parent" }));
  const reply = await place.say(ann.id, "reply", { replyTo: parent });
  await web.chat.delete({ channel, ts: parent });
  expect((await web.conversations.history({ channel })).messages).toMatchObject([{ subtype: "tombstone", ts: parent }]);
  expect(place.said().map(({ id }) => id)).toEqual([reply]);
  await expect(web.chat.update({ channel, ts: parent, text: "x" })).rejects.toMatchObject(
    refusedWith("message_not_found"),
  );
});

test("private channels are unknown to those outside; public ones can be seen and joined", async () => {
  const secret = slack.addChannel("secret", { isPrivate: true, bot: false });
  await expect(web.conversations.info({ channel: secret })).rejects.toMatchObject(refusedWith("channel_not_found"));
  const open = slack.addChannel("open", { bot: false });
  expect((await web.conversations.info({ channel: open })).channel).toMatchObject({
    is_member: false,
    is_private: false,
  });
  await expect(web.conversations.history({ channel: open })).rejects.toMatchObject(refusedWith("not_in_channel"));
  await expect(web.chat.postMessage({ channel: open, text: "x" })).rejects.toMatchObject(refusedWith("not_in_channel"));
  expect((await web.conversations.join({ channel: open })).channel).toMatchObject({ id: open, is_member: true });
  expect((await web.conversations.members({ channel: open })).members).toEqual([slack.botUserId]);
  slack.addToChannel(secret, slack.botUserId);
  const listed = await web.conversations.list({ types: "public_channel,private_channel", limit: 2 });
  expect(listed.channels?.map(({ name }) => name)).toEqual(["general", "secret"]);
  const cursor = listed.response_metadata?.next_cursor ?? "";
  const rest = await web.conversations.list({ types: "public_channel,private_channel", limit: 2, cursor });
  expect(rest.channels?.map(({ name }) => name)).toEqual(["open"]);
});

test("an archived channel takes no posts and no edits", async () => {
  const ts = tsOf(await web.chat.postMessage({ channel, text: "before" }));
  slack.archive(channel);
  await expect(web.chat.postMessage({ channel, text: "x" })).rejects.toMatchObject(refusedWith("is_archived"));
  await expect(web.chat.update({ channel, ts, text: "x" })).rejects.toMatchObject(refusedWith("is_inactive"));
  await expect(place.say(ann.id, "x")).rejects.toThrow("is_archived");
  expect((await web.conversations.info({ channel })).channel?.is_archived).toBe(true);
  slack.unarchive(channel);
  await web.chat.postMessage({ channel, text: "after" });
  expect(place.said().map(({ text }) => text)).toEqual(["before", "after"]);
});

test("people, bots, teams, emoji and user groups can be looked up", async () => {
  slack.addEmoji("party", "http://127.0.0.1/party.png");
  const group = slack.addUsergroup("ops", [ann.id]);
  const { user } = await web.users.info({ user: ann.id });
  expect(user).toMatchObject({ real_name: "Ann Lee", is_bot: false, profile: { display_name: "ann" } });
  expect((await fetch(user?.profile?.image_72 ?? "")).headers.get("content-type")).toBe("image/svg+xml");
  expect((await web.users.list({ limit: 1 })).response_metadata?.next_cursor).not.toBe("");
  expect((await web.bots.info({ bot: slack.botId })).bot).toMatchObject({
    app_id: slack.appId,
    user_id: slack.botUserId,
  });
  expect((await web.team.info()).team?.id).toBe(slack.teamId);
  expect((await web.emoji.list()).emoji).toHaveProperty("party");
  expect((await web.usergroups.list()).usergroups).toMatchObject([{ id: group, handle: "ops" }]);
  const ts = await place.say(ann.id, `<@${slack.botUserId}> :party:`);
  expect((await web.chat.getPermalink({ channel, message_ts: ts })).permalink).toContain(`/archives/${channel}/p`);
  expect(place.said()[0]?.text).toBe("@Relay :party:");
});

test("posts beyond one a second and channel are told to wait; others go on", async () => {
  await start(1);
  const posts = await Promise.allSettled(Array.from({ length: 6 }, () => web.chat.postMessage({ channel, text: "x" })));
  const refused = posts.filter(({ status }) => status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ reason: { code: "slack_webapi_rate_limited_error", retryAfter: 1 } });
  const other = slack.addChannel("other");
  await web.chat.postMessage({ channel: other, text: "x" });
  expect(place.said()).toHaveLength(posts.length - refused.length);
});

test("the scale of the rates holds for every method", async () => {
  await start(0.1);
  const calls = await Promise.allSettled(Array.from({ length: 6 }, () => web.conversations.history({ channel })));
  expect(calls.map(({ status }) => status).toSorted()).toEqual([
    ...Array.from({ length: 5 }, () => "fulfilled"),
    "rejected",
  ]);
  const response = await fetch(`${slack.apiUrl}conversations.history?token=${slack.botToken}&channel=${channel}`);
  expect(response.status).toBe(429);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(1);
  expect(await response.json()).toEqual({ ok: false, error: "ratelimited" });
});

test("a fault hits before or after the call took effect", async () => {
  slack.faults.add({ calls: /chat\.postMessage/, times: 1, answer: 500, when: "before" });
  await expect(web.chat.postMessage({ channel, text: "lost" })).rejects.toThrow();
  slack.faults.add({ calls: /chat\.postMessage/, times: 1, answer: "reset", when: "after" });
  await expect(web.chat.postMessage({ channel, text: "there" })).rejects.toThrow();
  slack.faults.add({ times: 1, answer: 429, when: "before", retryAfterMs: 3000 });
  await expect(web.auth.test()).rejects.toMatchObject({ retryAfter: 3 });
  slack.faults.latencyMs = 5;
  await web.chat.postMessage({ channel, text: "slow" });
  expect(place.said().map(({ text }) => text)).toEqual(["there", "slow"]);
});
