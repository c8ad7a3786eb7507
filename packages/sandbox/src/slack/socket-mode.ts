import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { Faults } from "../faults.ts";

export type DisconnectReason = "warning" | "refresh_requested" | "link_disabled" | "too_many_websockets";

interface Delivery {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempt: number;
}

interface Connection {
  readonly socket: WebSocket;
  /** By envelope id: what waits for its acknowledgement, and how to stop waiting. */
  readonly unacked: Map<string, { delivery: Delivery; timer: NodeJS.Timeout }>;
}

const acknowledgement = z.preprocess(
  (data, context) => {
    try {
      return JSON.parse(String(data));
    } catch {
      context.addIssue("must be JSON");
      return z.NEVER;
    }
  },
  z.object({ envelope_id: z.string() }),
);
const mostConnections = 10;
const ackWithinMs = 3000;
/** Before the first, second and third repetition; then Slack gives up. */
const retryDelaysMs = [0, 60_000, 300_000];
const heartbeatMs = 1000;
const warnedCloseMs = 10_000;
const arrivalWaitMs = 200;

/**
 * Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode): each event goes to one connection, as an
 * envelope that wants its acknowledgement in 3 s, else it comes again. `timeScale` multiplies all waits.
 */
export class SocketMode {
  /** Events sent so far, repetitions included. */
  sent = 0;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  readonly #tickets = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #faults: Faults;
  readonly #timeScale: number;
  #lastUsed: Connection | undefined;
  #repeats = 0;
  #losses = 0;

  constructor(faults: Faults, timeScale: number) {
    this.#faults = faults;
    this.#timeScale = timeScale;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** The one-time secret that opens a connection. */
  issueTicket(): string {
    const ticket = crypto.randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, appId: string): void {
    const ticket = new URL(request.url ?? "/", "http://localhost").searchParams.get("ticket") ?? "";
    if (this.#faults.down || !this.#tickets.delete(ticket)) {
      stream.destroy();
      return;
    }
    this.#server.handleUpgrade(request, stream, head, socket => this.#greet(socket, appId));
  }

  /** Sends one event, its `event_id` in the payload; what is lost or repeated by order of the faults, too. */
  deliver(payload: Readonly<Record<string, unknown>>): void {
    if (this.#losses > 0) {
      this.#losses -= 1;
      return;
    }
    this.#attempt({ payload, attempt: 0 });
    if (this.#repeats > 0) {
      this.#repeats -= 1;
      this.#attempt({ payload, attempt: 1 });
    }
  }

  /** Resolves when the client has the frames sent to it so far, or is too slow to be waited for. */
  async arrived(): Promise<void> {
    const socket = this.#lastUsed?.socket;
    if (!socket || socket.readyState !== socket.OPEN) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const sign = crypto.randomUUID();
    const onPong = (data: Buffer): void => {
      if (data.toString() === sign) resolve();
    };
    const timer = setTimeout(resolve, arrivalWaitMs);
    socket.on("pong", onPong).once("close", resolve).ping(sign);
    await promise;
    clearTimeout(timer);
    socket.off("pong", onPong).off("close", resolve);
  }

  /** The next `count` events come twice, under the same event id. */
  repeatNextEvents(count: number): void {
    this.#repeats = count;
  }

  /** The next `count` events never come. */
  loseNextEvents(count: number): void {
    this.#losses = count;
  }

  /** Cuts every connection without a closing handshake. */
  dropSockets(): void {
    for (const { socket } of this.#connections) socket.terminate();
  }

  /** Asks every client to connect anew, as Slack does when it recycles a host; then closes, after `warning` 10 s later. */
  disconnect(reason: DisconnectReason): void {
    for (const { socket } of this.#connections) this.#sendOff(socket, reason);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.dropSockets();
    for (const connection of this.#connections) this.#forget(connection);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.close();
  }

  #greet(socket: WebSocket, appId: string): void {
    if (this.#connections.size >= mostConnections) {
      this.#sendOff(socket, "too_many_websockets");
      return;
    }
    const connection: Connection = { socket, unacked: new Map() };
    this.#connections.add(connection);
    socket.on("message", data => this.#acknowledge(connection, data));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      for (const delivery of this.#forget(connection)) this.#retry(delivery);
    });
    const debug_info = { host: "sandbox", approximate_connection_time: 18_060 };
    const connection_info = { app_id: appId };
    send(socket, { type: "hello", num_connections: this.#connections.size, debug_info, connection_info });
  }

  #attempt(delivery: Delivery): void {
    if (this.#faults.down) this.dropSockets();
    const open = [...this.#connections].filter(({ socket }) => socket.readyState === socket.OPEN);
    const connection = open[this.sent % open.length];
    if (!connection) {
      this.#retry(delivery);
      return;
    }
    this.sent += 1;
    this.#lastUsed = connection;
    const envelope_id = crypto.randomUUID();
    const timer = setTimeout(() => {
      connection.unacked.delete(envelope_id);
      this.#retry(delivery);
    }, ackWithinMs * this.#timeScale);
    connection.unacked.set(envelope_id, { delivery, timer });
    const retry = { retry_attempt: delivery.attempt, retry_reason: delivery.attempt > 0 ? "timeout" : "" };
    const { payload } = delivery;
    send(connection.socket, { envelope_id, type: "events_api", payload, accepts_response_payload: false, ...retry });
  }

  #retry({ payload, attempt }: Delivery): void {
    const delayMs = retryDelaysMs[attempt];
    if (delayMs === undefined) return;
    this.#later(delayMs, () => this.#attempt({ payload, attempt: attempt + 1 }));
  }

  #acknowledge(connection: Connection, data: RawData): void {
    const envelopeId = acknowledgement.safeParse(data).data?.envelope_id ?? "";
    clearTimeout(connection.unacked.get(envelopeId)?.timer);
    connection.unacked.delete(envelopeId);
  }

  /** What the connection leaves unacknowledged. */
  #forget(connection: Connection): Delivery[] {
    this.#connections.delete(connection);
    const left = [...connection.unacked.values()];
    connection.unacked.clear();
    for (const { timer } of left) clearTimeout(timer);
    return left.map(({ delivery }) => delivery);
  }

  #sendOff(socket: WebSocket, reason: DisconnectReason): void {
    send(socket, { type: "disconnect", reason, debug_info: { host: "sandbox" } });
    if (reason === "warning") this.#later(warnedCloseMs, () => socket.close());
    else socket.close();
  }

  #beat(): void {
    if (this.#faults.down) this.dropSockets();
    else for (const { socket } of this.#connections) socket.ping("Ping from sandbox");
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs * this.#timeScale).unref();
    this.#timers.add(timer);
  }
}

function send(socket: WebSocket, frame: Readonly<Record<string, unknown>>): void {
  socket.send(JSON.stringify(frame));
}
