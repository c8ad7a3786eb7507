import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Faults } from "../faults.ts";
import type { Person, Place } from "../place.ts";
import {
  addChannel,
  addPerson,
  inviteBot,
  kickBot,
  type NewChannel,
  type NewUser,
  removeChannel,
  setBotPermissions,
} from "./administration.ts";
import { Gateway } from "./gateway.ts";
import type { PrivilegedIntents } from "./intents.ts";
import type { Permission } from "./permissions.ts";
import { createPlace } from "./place.ts";
import { createRest } from "./rest.ts";
import { archive, createThread } from "./threads.ts";
import { createWebhook, deleteWebhook, webhookById } from "./webhooks.ts";
import { World } from "./world.ts";

export interface DiscordOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Multiplies the documented rates; 1 unless given. */
  readonly rateScale?: number;
  /** The bot's name; `relay` unless given. */
  readonly botName?: string;
}

/** What only Discord can do to a client, besides the faults that every stand-in has. */
export interface DiscordFaults {
  /** Cuts every gateway connection without a word; sessions can be resumed. */
  dropSockets(): void;
  /** Asks every client to come back and resume (op 7). */
  reconnect(): void;
  /** Says that the session is invalid (op 9); unless `resumable`, the events that a client then misses are lost. */
  invalidSession(resumable: boolean): void;
  /** Delivers each of the next `count` events twice. */
  repeatNextEvents(count: number): void;
  /** Swallows the next `count` events without leaving a hole in the sequence. */
  loseNextEvents(count: number): void;
}

/** A local Discord: one guild, one bot; REST and gateway version 10, webhooks, avatars. Listens on 127.0.0.1. */
export interface DiscordStandIn {
  /** For discord.js `rest.api`: `http://127.0.0.1:<port>/api`. */
  readonly apiUrl: string;
  /** For discord.js `rest.cdn`. */
  readonly cdnUrl: string;
  readonly token: string;
  /** Also the application's id. */
  readonly botId: string;
  readonly guildId: string;
  readonly faults: Faults & DiscordFaults;
  addUser(username: string, options?: NewUser): Person;
  /** Returns its id. */
  addChannel(name: string, options?: NewChannel): string;
  removeChannel(channelId: string): void;
  /** A thread on a message, opened by a person; it has the message's id. */
  addThread(channelId: string, messageId: string, options: { readonly name: string; readonly by: Person }): string;
  /** Closes a thread: writing into it opens it again, editing in it fails. */
  archiveThread(threadId: string): void;
  /**
   * Gives the bot exactly these permissions: in one channel by an overwrite of its own, else through its role.
   * Sight comes from @everyone, so `ViewChannel` can be taken away in a channel only.
   */
  setPermissions(permissions: readonly Permission[], channelId?: string): void;
  /** Switches privileged intents as on the application's page; connected sessions keep theirs. */
  setIntents(intents: Partial<PrivilegedIntents>): void;
  kickBot(): void;
  inviteBot(): void;
  /** A webhook that a person or another bot made. */
  addWebhook(channelId: string, options: { readonly name: string; readonly by: Person }): { id: string; token: string };
  deleteWebhook(webhookId: string): void;
  /** A channel with its threads, or a thread alone, as these people see it. */
  place(channelId: string, people: readonly Person[]): Place;
  close(): Promise<void>;
}

/** Starts a local Discord. Rejects if the port is taken. */
export async function createDiscordStandIn(options: DiscordOptions = {}): Promise<DiscordStandIn> {
  const { port = 0, rateScale = 1, botName = "relay" } = options;
  const world = new World(botName);
  const faults = new Faults();
  const server = createServer();
  const origin = await listen(server, port);
  const gatewayUrl = `ws://${origin}`;
  const apiUrl = `http://${origin}/api`;
  const cdnUrl = `http://${origin}/cdn`;
  const gateway = new Gateway(world, faults, gatewayUrl);
  const rest = createRest(world, faults, rateScale, gatewayUrl);
  server.on("request", getRequestListener(rest.fetch));
  server.on("upgrade", (request, socket, head) => gateway.accept(request, socket, head));
  const user = (id: string) => {
    const found = world.users.get(id);
    if (!found) throw new Error(`no user ${id}`);
    return found;
  };
  return {
    apiUrl,
    cdnUrl,
    token: world.token,
    botId: world.bot.id,
    guildId: world.guildId,
    faults: Object.assign(faults, {
      dropSockets: () => gateway.dropSockets(),
      reconnect: () => gateway.reconnect(),
      invalidSession: (resumable: boolean) => gateway.invalidSession(resumable),
      repeatNextEvents: (count: number) => gateway.repeatNextEvents(count),
      loseNextEvents: (count: number) => gateway.loseNextEvents(count),
    }),
    addUser: (username, options = {}) => addPerson(world, username, options),
    addChannel: (name, options = {}) => addChannel(world, name, options).id,
    removeChannel: id => removeChannel(world, world.channel(id)),
    addThread: (id, messageId, { name, by }) => {
      const channel = world.channel(id);
      return createThread(world, channel, world.message(channel, messageId), { name, owner: user(by.id) }).id;
    },
    archiveThread: id => archive(world, world.channel(id)),
    setPermissions: (permissions, id) =>
      setBotPermissions(world, permissions, id === undefined ? undefined : world.channel(id)),
    setIntents: intents => {
      world.privileged = { ...world.privileged, ...intents };
    },
    kickBot: () => kickBot(world),
    inviteBot: () => inviteBot(world),
    addWebhook: (id, { name, by }) => createWebhook(world, world.channel(id), { name, by: user(by.id) }),
    deleteWebhook: id => deleteWebhook(world, webhookById(world, id)),
    place: (id, people) => createPlace(world, world.channel(id), people, cdnUrl),
    close: async () => {
      gateway.close();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return `127.0.0.1:${address.port}`;
}
