import { type APIWebhook, DiscordAPIError, REST, Routes, WebhookClient } from "discord.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person, Place } from "../place.ts";
import { createDiscordStandIn, type DiscordStandIn } from "./index.ts";

let discord: DiscordStandIn;
let rest: REST;
let channel: string;
let ada: Person;
let place: Place;

beforeEach(async () => {
  discord = await createDiscordStandIn({ rateScale: 100 });
  channel = discord.addChannel("general");
  ada = discord.addUser("ada");
  place = discord.place(channel, [ada]);
  rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token);
});

afterEach(() => discord.close());

const create = (name = "fanin") =>
  rest.post(Routes.channelWebhooks(channel), { body: { name } }) as Promise<APIWebhook & { token: string }>;
const clientOf = ({ id, token }: { id: string; token: string }) =>
  new WebhookClient({ id, token }, { rest: { api: discord.apiUrl, retries: 0 } });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof DiscordAPIError ? error.code : error),
  );

test("a webhook speaks, edits and deletes under a name and picture of its own", async () => {
  const webhook = await create();
  expect(webhook).toMatchObject({ channel_id: channel, application_id: discord.botId, type: 1 });
  const client = clientOf(webhook);
  const username = "Grace (Slack)";
  const avatarURL = "https://example.org/grace.png";
  const sent = await client.send({ content: "**hi**", username, avatarURL });
  expect(sent).toMatchObject({ webhook_id: webhook.id, application_id: discord.botId });
  expect(sent.author).toMatchObject({ id: webhook.id, username, bot: true });
  expect(place.said()).toMatchObject([
    { id: sent.id, author: username, relayed: true, text: "hi", avatarUrl: avatarURL },
  ]);

  const edited = await client.editMessage(sent.id, "hello");
  expect(edited.author.username).toBe(username);
  expect(place.said()).toMatchObject([{ author: username, text: "hello", edited: true }]);
  expect((await client.fetchMessage(sent.id)).content).toBe("hello");

  const picture = await fetch(`${discord.cdnUrl}/avatars/${webhook.id}/${sent.author.avatar}.webp`, {
    redirect: "manual",
  });
  expect(picture.headers.get("location")).toBe(avatarURL);
  await client.deleteMessage(sent.id);
  expect(place.said()).toEqual([]);
});

test("a webhook reaches its channel's threads, and there only with thread_id", async () => {
  const client = clientOf(await create());
  const starter = await place.say(ada.id, "topic");
  const threadId = discord.addThread(channel, starter, { name: "talk", by: ada });
  const sent = await client.send({ content: "inside", threadId });
  expect(sent.channel_id).toBe(threadId);
  expect(await codeOf(client.editMessage(sent.id, { content: "x" }))).toBe(10008);
  await client.editMessage(sent.id, { content: "changed", threadId });
  expect(place.said()).toMatchObject([{ text: "topic" }, { text: "changed", replyTo: starter }]);
  const elsewhere = discord.addChannel("elsewhere");
  expect(await codeOf(client.send({ content: "x", threadId: elsewhere }))).toBe(10003);
});

test("names, lengths and the number of webhooks are limited", async () => {
  const client = clientOf(await create());
  expect(await codeOf(create("My Discord bridge"))).toBe(50035);
  expect(await codeOf(client.send({ content: "x", username: "Clyde" }))).toBe(50035);
  expect(await codeOf(client.send({ content: "x", username: "x".repeat(81) }))).toBe(50035);
  expect(await codeOf(client.send({ content: "x".repeat(2001) }))).toBe(50035);
  for (let more = 2; more <= 15; more += 1) await create();
  expect(await codeOf(create())).toBe(30007);
  expect(await rest.get(Routes.channelWebhooks(channel))).toHaveLength(15);
});

test("a webhook that is gone is 10015, a wrong token 50027, another's message unknown", async () => {
  const [webhook, other] = [await create(), await create()];
  const sent = await clientOf(webhook).send("mine");
  expect(await codeOf(clientOf(other).deleteMessage(sent.id))).toBe(10008);
  expect(await codeOf(clientOf({ ...webhook, token: other.token }).send("x"))).toBe(50027);
  discord.deleteWebhook(webhook.id);
  expect(await codeOf(clientOf(webhook).send("x"))).toBe(10015);
  await rest.delete(Routes.webhook(other.id));
  expect(await codeOf(clientOf(other).send("x"))).toBe(10015);
});

test("a person's webhook belongs to no application, another bot's hides its token", async () => {
  const robot = discord.addUser("robot", { bot: true });
  discord.addWebhook(channel, { name: "news", by: ada });
  discord.addWebhook(channel, { name: "bridge", by: robot });
  const [news, bridge] = (await rest.get(Routes.channelWebhooks(channel))) as APIWebhook[];
  expect(news).toMatchObject({ application_id: null, user: { id: ada.id }, token: expect.any(String) });
  expect(bridge).toMatchObject({ application_id: robot.id });
  expect(bridge).not.toHaveProperty("token");
});

test("the documented rate stands in the headers; past it comes 429, and discord.js waits and loses none", async () => {
  const post = ({ id, token }: { id: string; token: string }) =>
    fetch(`${discord.apiUrl}/v10/webhooks/${id}/${token}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ content: "x" }),
    });
  await discord.close();
  discord = await createDiscordStandIn();
  const documented = await post(
    discord.addWebhook(discord.addChannel("general"), { name: "a", by: discord.addUser("bo") }),
  );
  expect(documented.headers.get("x-ratelimit-limit")).toBe("5");
  expect(documented.headers.get("x-ratelimit-remaining")).toBe("4");

  // Scaled down to one post in two seconds, three at once cannot all pass.
  await discord.close();
  discord = await createDiscordStandIn({ rateScale: 0.2 });
  channel = discord.addChannel("general");
  const webhook = discord.addWebhook(channel, { name: "slow", by: discord.addUser("bo") });
  const answers = await Promise.all([post(webhook), post(webhook), post(webhook)]);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused[0]?.json()).toMatchObject({ retry_after: expect.any(Number), global: false });
  await clientOf(webhook).send("patient");
  expect(discord.place(channel, []).said().at(-1)?.text).toBe("patient");
});

test("webhooks of one channel share a limit, which a caller learns only from its 429", async () => {
  await discord.close();
  discord = await createDiscordStandIn({ rateScale: 1 / 30 });
  channel = discord.addChannel("general");
  const bo = discord.addUser("bo");
  const scopes = ["a", "b", "c"].map(async name => {
    const { id, token } = discord.addWebhook(channel, { name, by: bo });
    const body = new Blob([JSON.stringify({ content: "x" })], { type: "application/json" });
    const { headers } = await fetch(`${discord.apiUrl}/v10/webhooks/${id}/${token}`, { method: "POST", body });
    return headers.get("x-ratelimit-scope");
  });
  expect((await Promise.all(scopes)).toSorted()).toEqual([null, "shared", "shared"].toSorted());
});

test("a fault of 429 is waited for as long as it says", async () => {
  discord.faults.add({ calls: /webhooks/, times: 1, answer: 429, when: "before", retryAfterMs: 20 });
  const client = clientOf(discord.addWebhook(channel, { name: "fast", by: ada }));
  await client.send("patient");
  await vi.waitFor(() => expect(place.said()).toMatchObject([{ text: "patient" }]));
});
