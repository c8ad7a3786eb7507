import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Faults } from "../faults.ts";
import { createAdministration, type DiscordAdministration } from "./administration.ts";
import { Gateway } from "./gateway.ts";
import { createRest } from "./rest.ts";
import { World } from "./world.ts";

export interface DiscordStandInOptions {
  /** On 127.0.0.1; a free one unless given. */
  readonly port?: number;
  /** Multiplies the documented rates; 1 unless given. */
  readonly rateScale?: number;
  /** The bot's name; `relay` unless given. */
  readonly botName?: string;
}

/** A Discord on this machine with one guild and one bot in it: REST and gateway version 10, webhooks, avatars. */
export interface DiscordStandIn extends DiscordAdministration {
  /** What discord.js takes as `rest.api`; ends in `/api`. */
  readonly apiUrl: string;
  /** What discord.js takes as `rest.cdn`. */
  readonly cdnUrl: string;
  readonly token: string;
  /** Also the application's id. */
  readonly botId: string;
  readonly guildId: string;
  /** Of the REST calls (`POST /api/v10/channels/…/messages`); `down` also cuts the gateway and refuses new sockets. */
  readonly faults: Faults;
  /** How many gateway connections are open now. */
  connections(): number;
  /** Cuts every connection without a closing handshake; sessions can be resumed. */
  dropSockets(): void;
  /** Asks every client to come back and resume (op 7). */
  reconnect(): void;
  /** Says that the session is invalid (op 9); unless `resumable`, the events that a client then misses are lost. */
  invalidSession(resumable: boolean): void;
  /** The next events come twice. */
  repeatNextEvents(count: number): void;
  /** The next events never come, and leave no hole in the sequence. */
  loseNextEvents(count: number): void;
  /** Cuts everything; resolves when the port is free. */
  close(): Promise<void>;
}

/** Starts a guild without people and channels, its bot in it with all permissions. Rejects if the port is taken. */
export async function createDiscordStandIn(options: DiscordStandInOptions = {}): Promise<DiscordStandIn> {
  const { port = 0, rateScale = 1, botName = "relay" } = options;
  const world = new World(botName);
  const faults = new Faults();
  const server = createServer();
  const address = await listen(server, port);
  const gatewayUrl = `ws://${address}`;
  const cdnUrl = `http://${address}/cdn`;
  const gateway = new Gateway(world, faults, gatewayUrl);
  const rest = createRest(world, faults, rateScale, gatewayUrl);
  server.on("request", getRequestListener(rest.fetch));
  server.on("upgrade", (request, socket, head) => gateway.accept(request, socket, head));
  return {
    ...createAdministration(world, cdnUrl),
    apiUrl: `http://${address}/api`,
    cdnUrl,
    token: world.token,
    botId: world.bot.id,
    guildId: world.guildId,
    faults,
    connections: () => gateway.connections,
    dropSockets: () => gateway.dropSockets(),
    reconnect: () => gateway.reconnect(),
    invalidSession: resumable => gateway.invalidSession(resumable),
    repeatNextEvents: count => gateway.repeatNextEvents(count),
    loseNextEvents: count => gateway.loseNextEvents(count),
    async close() {
      gateway.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : port}`;
}
