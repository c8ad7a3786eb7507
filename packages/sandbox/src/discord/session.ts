import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import type { Wire } from "./model.ts";

const replayed = 10_000;

/** One gateway session: it outlives its sockets and remembers what to replay to the next one. */
export class Session {
  readonly id: string = randomBytes(16).toString("hex");
  readonly intents: number;
  socket: WebSocket | undefined;
  #seq = 0;
  readonly #sent: { readonly seq: number; readonly frame: string }[] = [];

  constructor(intents: number, socket: WebSocket) {
    this.intents = intents;
    this.socket = socket;
  }

  /** Numbers an event, keeps it for a resume, and sends it if there is a socket. */
  dispatch(name: string, data: Wire): void {
    this.#seq += 1;
    const frame = JSON.stringify({ op: 0, t: name, s: this.#seq, d: data });
    this.#sent.push({ seq: this.#seq, frame });
    if (this.#sent.length > replayed) this.#sent.shift();
    this.socket?.send(frame);
  }

  /** Takes up a new socket: what came after `seq`, then RESUMED. False where that is no longer known. */
  resume(socket: WebSocket, seq: number): boolean {
    const oldest = this.#sent[0]?.seq ?? 1;
    if (seq > this.#seq || seq < oldest - 1) return false;
    this.socket = socket;
    for (const { frame } of this.#sent.filter(sent => sent.seq > seq)) socket.send(frame);
    this.dispatch("RESUMED", {});
    return true;
  }
}
