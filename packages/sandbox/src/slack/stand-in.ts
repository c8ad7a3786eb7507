import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Faults } from "../faults.ts";
import { createAdministration, type SlackAdministration } from "./administration.ts";
import { avatar } from "./avatar.ts";
import { eventPayload } from "./event-payload.ts";
import { type DisconnectReason, SocketMode } from "./socket-mode.ts";
import { createWebApi } from "./web-api.ts";
import { Workspace } from "./workspace.ts";

export interface SlackStandInOptions {
  /** On 127.0.0.1; a free one unless given. */
  readonly port?: number;
  /** Multiplies the documented rates; 1 unless given. */
  readonly rateScale?: number;
  /** Multiplies Slack's own waits: 3 s for an acknowledgement, then 0, 1 and 5 min before an event comes again; 1 unless given. */
  readonly timeScale?: number;
}

/** A Slack workspace on this machine with one app installed: its Web API, its Socket Mode, its people. */
export interface SlackStandIn extends SlackAdministration {
  /** What an SDK takes as `slackApiUrl`; ends in `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  /** Of the Web API's calls (`POST /api/chat.postMessage`); `down` also cuts the sockets and refuses new ones. */
  readonly faults: Faults;
  /** How many Socket Mode connections are open now. */
  connections(): number;
  /** Cuts every connection without a closing handshake. */
  dropSockets(): void;
  /** Asks every client to connect anew, then closes; after a `warning` 10 s later. */
  disconnect(reason: DisconnectReason): void;
  /** The next events come twice under one event id. */
  repeatNextEvents(count: number): void;
  /** The next events never come. */
  loseNextEvents(count: number): void;
  /** Cuts everything; resolves when the port is free. */
  close(): Promise<void>;
}

/** Starts a workspace without people and channels. Rejects if the port is taken. */
export async function createSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const { port = 0, rateScale = 1, timeScale = 1 } = options;
  const faults = new Faults();
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`;
  const sockets = new SocketMode(faults, timeScale);
  const workspace: Workspace = new Workspace(url, event => sockets.deliver(eventPayload(workspace, event)));
  const webApi = createWebApi({ workspace, sockets, faults, rateScale });
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/avatars/")) sendAvatar(workspace, request, response);
    else webApi(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, stream, head) => sockets.upgrade(request, stream, head, workspace.appId));
  return {
    ...createAdministration(workspace),
    apiUrl: `${url}/api/`,
    botToken: workspace.botToken,
    appToken: workspace.appToken,
    teamId: workspace.teamId,
    appId: workspace.appId,
    botId: workspace.botId,
    botUserId: workspace.bot.id,
    faults,
    connections: () => sockets.connections,
    dropSockets: () => sockets.dropSockets(),
    disconnect: reason => sockets.disconnect(reason),
    repeatNextEvents: count => sockets.repeatNextEvents(count),
    loseNextEvents: count => sockets.loseNextEvents(count),
    async close() {
      sockets.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function sendAvatar(workspace: Workspace, { url = "" }: IncomingMessage, response: ServerResponse): void {
  const id = url.match(/^\/avatars\/(\w+)-\d+\.svg$/)?.[1];
  if (id === undefined || !workspace.users.has(id)) response.writeHead(404).end();
  else response.writeHead(200, { "content-type": "image/svg+xml" }).end(avatar(workspace.nameOf(id)));
}
