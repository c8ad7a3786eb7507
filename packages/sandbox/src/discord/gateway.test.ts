import { type APIMessage, Client, Events, GatewayIntentBits, Partials } from "discord.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDiscordStandIn, type DiscordStandIn } from "./index.ts";

const { Guilds, GuildMembers, GuildMessages, GuildWebhooks, MessageContent } = GatewayIntentBits;

let discord: DiscordStandIn;
let client: Client;
let channel: string;
/** Every dispatch the client got, in order. */
let heard: { t: string; d: APIMessage & { ids?: string[] } }[];

beforeEach(async () => {
  discord = await createDiscordStandIn({ rateScale: 100 });
  channel = discord.addChannel("general");
  heard = [];
});

afterEach(async () => {
  await client.destroy();
  await discord.close();
});

async function login(intents = [Guilds, GuildMembers, GuildMessages, GuildWebhooks, MessageContent]) {
  client = new Client({
    intents,
    partials: [Partials.Message, Partials.Channel],
    rest: { api: discord.apiUrl, cdn: discord.cdnUrl },
  });
  client.on(Events.Raw, packet => heard.push(packet));
  client.on(Events.Error, () => undefined);
  const ready = new Promise(resolve => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
}

function people() {
  const ada = discord.addUser("ada", { displayName: "Ada" });
  return { ada, place: discord.place(channel, [ada]) };
}

const names = (prefix: string) => heard.map(({ t }) => t).filter(t => t?.startsWith(prefix));
const contents = () => heard.filter(({ t }) => t === "MESSAGE_CREATE").map(({ d }) => d.content);

test("a client logs in and finds the guild with its channels, people and its own permissions", async () => {
  const { ada } = people();
  await login();
  const guild = await client.guilds.fetch(discord.guildId);
  const general = await client.channels.fetch(channel);
  expect(client.user?.id).toBe(discord.botId);
  expect((await guild.members.fetch(ada.id)).displayName).toBe("Ada");
  expect(general?.isSendable()).toBe(true);
  expect(guild.channels.cache.get(channel)?.permissionsFor(discord.botId)?.has("ManageWebhooks")).toBe(true);
});

test("what people say, edit and delete arrives whole and in order", async () => {
  const { ada, place } = people();
  await login();
  const id = await place.say(ada.id, "helo");
  await place.edit(ada.id, id, "hello");
  await place.remove(ada.id, id);
  await vi.waitFor(() => expect(names("MESSAGE_")).toEqual(["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]));
  const [created, updated] = heard.filter(({ t }) => t?.startsWith("MESSAGE_"));
  expect(created?.d).toMatchObject({ id, content: "helo", type: 0, edited_timestamp: null, guild_id: discord.guildId });
  expect(created?.d.author).toMatchObject({ id: ada.id, username: "ada", global_name: "Ada", bot: false });
  expect(updated?.d.content).toBe("hello");
  expect(updated?.d.edited_timestamp).not.toBeNull();
});

test("a reply carries what it answers; once that is deleted, null", async () => {
  const { ada, place } = people();
  await login();
  const first = await place.say(ada.id, "question");
  const reply = await place.say(ada.id, "answer", { replyTo: first });
  await vi.waitFor(() => expect(contents()).toEqual(["question", "answer"]));
  expect(heard.at(-1)?.d).toMatchObject({ type: 19, referenced_message: { id: first, content: "question" } });
  await place.remove(ada.id, first);
  const general = await client.channels.fetch(channel);
  if (!general?.isTextBased()) throw new Error("no text channel");
  const read = await general.messages.fetch({ message: reply, force: true });
  expect(read.reference?.messageId).toBe(first);
});

test("a link's preview is an update that is no edit", async () => {
  const { ada, place } = people();
  await login();
  await place.say(ada.id, "see https://example.org/page");
  await vi.waitFor(() => expect(names("MESSAGE_")).toEqual(["MESSAGE_CREATE", "MESSAGE_UPDATE"]));
  expect(heard.at(-1)?.d).toMatchObject({ edited_timestamp: null, embeds: [{ url: "https://example.org/page" }] });
});

test("the event of a write is there before the answer to it", async () => {
  await login();
  const general = await client.channels.fetch(channel);
  if (!general?.isSendable()) throw new Error("no text channel");
  for (const content of ["one", "two", "three"]) {
    await general.send({ content, nonce: `n-${content}`, enforceNonce: true });
    expect(heard.at(-1)).toMatchObject({ t: "MESSAGE_CREATE", d: { content, nonce: `n-${content}` } });
  }
});

test("a dropped socket is resumed and what was said meanwhile replayed, once", async () => {
  const { ada, place } = people();
  await login();
  const resumed = new Promise(resolve => client.once(Events.ShardResume, (_, replayed) => resolve(replayed)));
  await place.say(ada.id, "before");
  await vi.waitFor(() => expect(contents()).toEqual(["before"]));
  discord.dropSockets();
  await place.say(ada.id, "during");
  await resumed;
  await place.say(ada.id, "after");
  await vi.waitFor(() => expect(contents()).toEqual(["before", "during", "after"]));
  expect(names("READY")).toHaveLength(1);
});

test("while the service is down the client is cut off; afterwards it resumes", async () => {
  const { ada, place } = people();
  await login();
  discord.faults.down = true;
  await place.say(ada.id, "during");
  await vi.waitFor(() => expect(discord.connections()).toBe(0));
  discord.faults.clear();
  await vi.waitFor(() => expect(contents()).toEqual(["during"]), { timeout: 30_000 });
});

test("op 7 makes the client come back and resume", async () => {
  const { ada, place } = people();
  await login();
  const resumed = new Promise(resolve => client.once(Events.ShardResume, resolve));
  discord.reconnect();
  await resumed;
  await place.say(ada.id, "still here");
  await vi.waitFor(() => expect(contents()).toEqual(["still here"]));
});

test("op 9 that can be resumed loses nothing", async () => {
  const { ada, place } = people();
  await login();
  const resumed = new Promise(resolve => client.once(Events.ShardResume, resolve));
  discord.invalidSession(true);
  await place.say(ada.id, "during");
  await resumed;
  await vi.waitFor(() => expect(contents()).toEqual(["during"]));
});

test("op 9 that cannot be resumed loses events, which history still holds", async () => {
  const { ada, place } = people();
  await login();
  const again = new Promise(resolve => client.once(Events.ShardReady, resolve));
  discord.invalidSession(false);
  const missed = await place.say(ada.id, "unheard");
  await again;
  const heardId = await place.say(ada.id, "heard");
  await vi.waitFor(() => expect(contents()).toEqual(["heard"]));
  const general = await client.channels.fetch(channel);
  if (!general?.isTextBased()) throw new Error("no text channel");
  expect([...(await general.messages.fetch({ after: "0" })).keys()]).toEqual([heardId, missed]);
});

test("events are repeated and lost as told", async () => {
  const { ada, place } = people();
  await login();
  discord.repeatNextEvents(1);
  await place.say(ada.id, "twice");
  discord.loseNextEvents(1);
  await place.say(ada.id, "never");
  await place.say(ada.id, "once");
  await vi.waitFor(() => expect(contents()).toEqual(["twice", "twice", "once"]));
});

test("without the MessageContent intent there is no content, except in mentions of the bot", async () => {
  const { ada, place } = people();
  await login([Guilds, GuildMessages]);
  await place.say(ada.id, "secret");
  await place.say(ada.id, `<@${discord.botId}> hi`);
  await vi.waitFor(() => expect(contents()).toEqual(["", `<@${discord.botId}> hi`]));
});

test("events whose intent was not asked for do not come", async () => {
  const { ada, place } = people();
  await login([Guilds]);
  await place.say(ada.id, "unheard");
  discord.addChannel("news");
  await vi.waitFor(() => expect(names("CHANNEL_CREATE")).toHaveLength(1));
  expect(contents()).toEqual([]);
});

test("a privileged intent that is switched off closes the gateway with 4014", async () => {
  discord.setIntents({ messageContent: false });
  await expect(login()).rejects.toThrow(/disallowed intents/i);
});

test("a wrong token is refused", async () => {
  client = new Client({ intents: [Guilds], rest: { api: discord.apiUrl } });
  await expect(client.login(`${discord.token}x`)).rejects.toThrow(/invalid token/i);
});

test("losing sight of a channel, its end, and the bot's removal are told", async () => {
  const { ada, place } = people();
  await login();
  discord.setPermissions([], channel);
  await place.say(ada.id, "unseen");
  discord.setPermissions(["ViewChannel", "ReadMessageHistory"], channel);
  const webhook = discord.addWebhook(channel, { name: "feed", by: ada });
  discord.deleteWebhook(webhook.id);
  discord.removeChannel(channel);
  discord.kickBot();
  discord.addChannel("unheard-of");
  discord.inviteBot();
  const expected = [
    "CHANNEL_UPDATE",
    "CHANNEL_UPDATE",
    "WEBHOOKS_UPDATE",
    "WEBHOOKS_UPDATE",
    "CHANNEL_DELETE",
    "GUILD_DELETE",
    "GUILD_CREATE",
  ];
  await vi.waitFor(() => expect(heard.slice(-expected.length).map(({ t }) => t)).toEqual(expected));
  expect(contents()).toEqual([]);
});
