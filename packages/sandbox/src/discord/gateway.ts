import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import type { Faults } from "../faults.ts";
import { guildCreateWire, readyWire } from "./gateway-wire.ts";
import { disallowedIntents, intents, knownIntents } from "./intents.ts";
import type { GuildEvent } from "./model.ts";
import { Session } from "./session.ts";
import type { World } from "./world.ts";

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
const op = {
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;
/** Presence, voice state, members: accepted and left unanswered. */
const ignoredOps: readonly number[] = [3, 4, 8];
const closes = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;
const heartbeatIntervalMs = 41_250;

const frameSchema = z.object({ op: z.number(), d: z.unknown() });
const identifySchema = z.object({ token: z.string(), intents: z.number().int() });
const resumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.number().int() });

/** Discord's gateway, version 10, JSON, without compression and with one shard. */
export class Gateway {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #url: string;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  #toRepeat = 0;
  #toLose = 0;

  constructor(world: World, faults: Faults, url: string) {
    this.#world = world;
    this.#faults = faults;
    this.#url = url;
    world.watch(event => this.#deliver(event));
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#faults.down) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, connected => this.#greet(connected, request.url ?? ""));
  }

  get connections(): number {
    return this.#server.clients.size;
  }

  /** Cuts every connection without a word; sessions stay and can be resumed. */
  dropSockets(): void {
    for (const { socket } of this.#sessions.values()) socket?.terminate();
  }

  /** Asks every client to come back and resume (op 7). */
  reconnect(): void {
    this.#tell(op.reconnect, null);
  }

  /** Tells every client that its session is invalid (op 9); unless `resumable`, what it missed is lost. */
  invalidSession(resumable: boolean): void {
    this.#tell(op.invalidSession, resumable);
    for (const session of this.#sessions.values()) session.socket = undefined;
    if (!resumable) this.#sessions.clear();
  }

  repeatNextEvents(count: number): void {
    this.#toRepeat = count;
  }

  loseNextEvents(count: number): void {
    this.#toLose = count;
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    this.#sessions.clear();
  }

  /** To who asked for such events and may see the channel, unless the event is to be lost. */
  #deliver(event: GuildEvent): void {
    if (this.#faults.down) this.dropSockets();
    const world = this.#world;
    const channel = event.channel === undefined ? undefined : world.channels.get(event.channel);
    const visible = channel ? world.botMay(channel, "ViewChannel") : world.botPresent;
    const takers = [...this.#sessions.values()].filter(session => visible && session.intents & event.intent);
    if (takers.length === 0) return;
    if (this.#toLose > 0) {
      this.#toLose -= 1;
      return;
    }
    const times = this.#toRepeat > 0 ? 2 : 1;
    this.#toRepeat = Math.max(0, this.#toRepeat - 1);
    for (const session of takers) {
      const data = event.data((session.intents & intents.messageContent) !== 0);
      for (let time = 0; time < times; time += 1) session.dispatch(event.name, data);
    }
  }

  #greet(socket: WebSocket, url: string): void {
    if (new URLSearchParams(url.split("?")[1]).get("v") !== "10") {
      socket.close(closes.invalidVersion);
      return;
    }
    send(socket, op.hello, { heartbeat_interval: heartbeatIntervalMs });
    socket.on("message", data => this.#receive(socket, data));
    socket.on("close", code => this.#left(socket, code));
    socket.on("error", () => socket.terminate());
  }

  #receive(socket: WebSocket, raw: RawData): void {
    if (this.#faults.down) {
      socket.terminate();
      return;
    }
    const frame = parseFrame(raw);
    if (!frame) socket.close(closes.decodeError);
    else if (frame.op === op.heartbeat) send(socket, op.heartbeatAck, null);
    else if (frame.op === op.identify) this.#identify(socket, frame.d);
    else if (frame.op === op.resume) this.#resume(socket, frame.d);
    else if (!ignoredOps.includes(frame.op)) socket.close(closes.unknownOpcode);
    else if (!this.#sessionOf(socket)) socket.close(closes.notAuthenticated);
  }

  #identify(socket: WebSocket, sent: unknown): void {
    const { data } = identifySchema.safeParse(sent);
    if (!data) socket.close(closes.decodeError);
    else if (this.#sessionOf(socket)) socket.close(closes.alreadyAuthenticated);
    else if (!this.#isToken(data.token)) socket.close(closes.authenticationFailed, "Authentication failed.");
    else if (data.intents & ~knownIntents) socket.close(closes.invalidIntents, "Invalid intent(s).");
    else if (data.intents & disallowedIntents(this.#world.privileged)) {
      socket.close(closes.disallowedIntents, "Disallowed intent(s).");
    } else this.#begin(new Session(data.intents, socket));
  }

  #begin(session: Session): void {
    this.#sessions.set(session.id, session);
    session.dispatch("READY", readyWire(this.#world, session.id, this.#url));
    if (this.#world.botPresent) session.dispatch("GUILD_CREATE", guildCreateWire(this.#world));
  }

  #resume(socket: WebSocket, sent: unknown): void {
    const { data } = resumeSchema.safeParse(sent);
    if (!data) socket.close(closes.decodeError);
    else if (!this.#isToken(data.token)) socket.close(closes.authenticationFailed, "Authentication failed.");
    else if (!this.#sessions.get(data.session_id)?.resume(socket, data.seq)) send(socket, op.invalidSession, false);
  }

  /** A client that says goodbye ends its session; any other end leaves it to be resumed. */
  #left(socket: WebSocket, code: number): void {
    const session = this.#sessionOf(socket);
    if (!session) return;
    session.socket = undefined;
    if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
  }

  #sessionOf(socket: WebSocket): Session | undefined {
    return [...this.#sessions.values()].find(session => session.socket === socket);
  }

  #isToken(token: string): boolean {
    return token.replace(/^Bot /, "") === this.#world.token;
  }

  #tell(opcode: number, data: unknown): void {
    for (const { socket } of this.#sessions.values()) if (socket) send(socket, opcode, data);
  }
}

function send(socket: WebSocket, opcode: number, data: unknown): void {
  socket.send(JSON.stringify({ op: opcode, d: data, s: null, t: null }));
}

function parseFrame(raw: RawData): z.infer<typeof frameSchema> | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(raw.toString())).data;
  } catch {
    return undefined;
  }
}
