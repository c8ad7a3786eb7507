import { type APIChannel, type APIMessage, type APIUser, DiscordAPIError, REST, Routes } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
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

const messages = Routes.channelMessages;
const send = (body: object) => rest.post(messages(channel), { body }) as Promise<APIMessage>;
const page = async (query: Record<string, string>) =>
  ((await rest.get(messages(channel), { query: new URLSearchParams(query) })) as APIMessage[]).map(m => m.content);

/** The code and status of the error that a call ends in. */
async function refusal(call: Promise<unknown>): Promise<[string | number, number]> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof DiscordAPIError) return [error.code, error.status];
  throw new Error("not refused", { cause: error });
}

test("ids are snowflakes of the present, each greater than the last", async () => {
  const ids = [channel, (await send({ content: "one" })).id, (await send({ content: "two" })).id];
  for (const id of ids) expect(id).toMatch(/^\d{17,19}$/);
  expect(ids.map(BigInt)).toEqual(ids.map(BigInt).toSorted((a, b) => (a < b ? -1 : 1)));
});

test("the bot, its application and the guild describe themselves", async () => {
  expect(await rest.get(Routes.user("@me"))).toMatchObject({ id: discord.botId, bot: true });
  expect(((await rest.get(Routes.user(ada.id))) as APIUser).username).toBe("ada");
  expect(await rest.get("/applications/@me")).toMatchObject({ flags: (1 << 15) | (1 << 19) });
  discord.setIntents({ messageContent: false });
  expect(await rest.get("/applications/@me")).toMatchObject({ flags: 1 << 15 });
  expect(await rest.get(Routes.userGuilds())).toMatchObject([{ id: discord.guildId }]);
  expect(await rest.get(Routes.guild(discord.guildId))).toMatchObject({ id: discord.guildId });
  expect(await rest.get(Routes.guildRoles(discord.guildId))).toHaveLength(2);
  expect(await rest.get(Routes.guildMember(discord.guildId, ada.id))).toMatchObject({ user: { id: ada.id } });
  const channels = (await rest.get(Routes.guildChannels(discord.guildId))) as APIChannel[];
  expect(channels.map(({ id }) => id)).toEqual([channel]);
});

test("history is newest first, its bounds are exclusive, and `after` gives what follows most closely", async () => {
  const ids: string[] = [];
  for (const text of ["a", "b", "c", "d", "e"]) ids.push(await place.say(ada.id, text));
  const [a = "", b = "", c = ""] = ids;
  expect(await page({})).toEqual(["e", "d", "c", "b", "a"]);
  expect(await page({ limit: "2" })).toEqual(["e", "d"]);
  expect(await page({ limit: "2", after: a })).toEqual(["c", "b"]);
  expect(await page({ limit: "1", before: c })).toEqual(["b"]);
  expect(await page({ limit: "3", around: c })).toEqual(["d", "c", "b"]);
  await place.remove(ada.id, b);
  expect(await page({ after: b, limit: "2" })).toEqual(["d", "c"]);
  expect(await refusal(page({ limit: "101" }))).toEqual([50035, 400]);
});

test("a repeated nonce is the same message", async () => {
  const body = { content: "once", nonce: "n1", enforce_nonce: true };
  const [first, again] = [await send(body), await send(body)];
  expect(again).toMatchObject({ id: first.id, nonce: "n1" });
  expect((await send({ ...body, enforce_nonce: false })).id).not.toBe(first.id);
  expect(place.said().map(({ text }) => text)).toEqual(["once", "once"]);
});

test("a message is edited, answered and deleted by the bot", async () => {
  const { id } = await send({ content: " helo\n" });
  await rest.patch(Routes.channelMessage(channel, id), { body: { content: "hello" } });
  const reply = await send({ content: "yes", message_reference: { message_id: id } });
  expect(reply).toMatchObject({ type: 19, referenced_message: { id, content: "hello" } });
  await rest.delete(Routes.channelMessage(channel, id));
  expect(await rest.get(Routes.channelMessage(channel, reply.id))).toMatchObject({ referenced_message: null });
  expect(await refusal(rest.get(Routes.channelMessage(channel, id)))).toEqual([10008, 404]);
});

test("mentions ping only whom they may", async () => {
  const content = `<@${ada.id}> @everyone`;
  expect(await send({ content })).toMatchObject({ mentions: [{ id: ada.id }], mention_everyone: true });
  const silent = await send({ content, allowed_mentions: { parse: [] } });
  expect(silent).toMatchObject({ content, mentions: [], mention_everyone: false });
});

test("many are deleted at once", async () => {
  const ids = [await place.say(ada.id, "one"), await place.say(ada.id, "two"), await place.say(ada.id, "three")];
  await rest.post(Routes.channelBulkDelete(channel), { body: { messages: ids.slice(0, 2) } });
  expect(place.said().map(({ text }) => text)).toEqual(["three"]);
  expect(await refusal(rest.post(Routes.channelBulkDelete(channel), { body: { messages: ids.slice(2) } }))).toEqual([
    50016, 400,
  ]);
});

test("a thread hangs on a message, is listed while active, and writing into it opens it again", async () => {
  const starter = await place.say(ada.id, "topic");
  const thread = (await rest.post(Routes.threads(channel, starter), { body: { name: "talk" } })) as APIChannel;
  expect(thread).toMatchObject({ id: starter, type: 11, parent_id: channel });
  expect(await refusal(rest.post(Routes.threads(channel, starter), { body: { name: "talk" } }))).toEqual([160004, 400]);
  const said = (await rest.post(messages(thread.id), { body: { content: "inside" } })) as APIMessage;
  expect(place.said()).toMatchObject([{ text: "topic" }, { text: "inside", replyTo: starter }]);

  const active = Routes.guildActiveThreads(discord.guildId);
  expect(await rest.get(active)).toMatchObject({ threads: [{ id: thread.id }] });
  discord.archiveThread(thread.id);
  expect(await rest.get(active)).toMatchObject({ threads: [] });
  const edit = rest.patch(Routes.channelMessage(thread.id, said.id), { body: { content: "changed" } });
  expect(await refusal(edit)).toEqual([50083, 400]);
  await rest.post(messages(thread.id), { body: { content: "more" } });
  expect(await rest.get(active)).toMatchObject({ threads: [{ id: thread.id }] });
});

test("what cannot be done is refused with Discord's own codes", async () => {
  const theirs = await place.say(ada.id, "mine");
  expect(await refusal(rest.get(Routes.channel("123456789012345678")))).toEqual([10003, 404]);
  expect(await refusal(rest.get(Routes.user("123456789012345678")))).toEqual([10013, 404]);
  expect(await refusal(rest.get("/nowhere"))).toEqual([0, 404]);
  expect(await refusal(send({ content: "x".repeat(2001) }))).toEqual([50035, 400]);
  expect(await refusal(send({ content: " \n" }))).toEqual([50006, 400]);
  expect(await refusal(send({ content: "x", message_reference: { message_id: channel } }))).toEqual([50035, 400]);
  expect(await refusal(rest.patch(Routes.channelMessage(channel, theirs), { body: { content: "x" } }))).toEqual([
    50005, 403,
  ]);
});

test("a missing permission is 50013, a channel out of sight 50001, history without permission empty", async () => {
  const theirs = await place.say(ada.id, "mine");
  discord.setPermissions(["ViewChannel"], channel);
  expect(await refusal(send({ content: "x" }))).toEqual([50013, 403]);
  expect(await refusal(rest.get(Routes.channelWebhooks(channel)))).toEqual([50013, 403]);
  expect(await refusal(rest.delete(Routes.channelMessage(channel, theirs)))).toEqual([50013, 403]);
  expect(await page({})).toEqual([]);
  discord.setPermissions([], channel);
  expect(await refusal(send({ content: "x" }))).toEqual([50001, 403]);
  const hidden = discord.addChannel("board", { isPrivate: true });
  expect(await rest.get(Routes.channel(hidden))).toMatchObject({
    permission_overwrites: [{ id: discord.guildId, deny: String(1 << 10) }, { id: discord.botId }],
  });
  discord.kickBot();
  expect(await refusal(rest.get(Routes.channel(hidden)))).toEqual([50001, 403]);
  expect(await refusal(rest.get(Routes.guild(discord.guildId)))).toEqual([10004, 404]);
});

test("a wrong token is 401", async () => {
  const stranger = new REST({ api: discord.apiUrl, retries: 0 }).setToken("wrong");
  expect(await refusal(stranger.get(Routes.user("@me")))).toEqual([0, 401]);
});

test("the bot's calls are limited in all, its messages in each channel", async () => {
  await discord.close();
  discord = await createDiscordStandIn({ rateScale: 0.1 });
  const headers = { authorization: `Bot ${discord.token}`, "content-type": "application/json" };
  const at = discord.addChannel("general");
  const post = () => fetch(`${discord.apiUrl}/v10/channels/${at}/messages`, { method: "POST", headers, body: "{}" });
  const scopesOf = async (calls: Promise<Response>[]) =>
    (await Promise.all(calls)).map(answer => answer.headers.get("x-ratelimit-scope"));
  expect(await scopesOf([post(), post()])).toContain("user");
  const me = () => fetch(`${discord.apiUrl}/v10/users/@me`, { headers });
  expect(await scopesOf(Array.from({ length: 30 }, me))).toContain("global");
});

test("faults: an error before or after the effect, a cut connection, an answer that never comes", async () => {
  discord.faults.add({ calls: /^POST .*messages$/, times: 1, answer: 503, when: "before" });
  await expect(send({ content: "before" })).rejects.toMatchObject({ status: 503 });
  discord.faults.add({ calls: /^POST/, times: 1, answer: 502, when: "after" });
  await expect(send({ content: "after" })).rejects.toMatchObject({ status: 502 });
  discord.faults.add({ calls: /^POST/, times: 1, answer: "reset", when: "after" });
  await expect(send({ content: "cut" })).rejects.toThrow();
  discord.faults.add({ calls: /^POST/, times: 1, answer: "hang", when: "after" });
  const patient = new REST({ api: discord.apiUrl, retries: 0, timeout: 300 }).setToken(discord.token);
  await expect(patient.post(messages(channel), { body: { content: "unanswered" } })).rejects.toThrow(/abort/i);
  discord.faults.down = true;
  await expect(send({ content: "down" })).rejects.toThrow();
  discord.faults.clear();
  expect(place.said().map(({ text }) => text)).toEqual(["after", "cut", "unanswered"]);
});
