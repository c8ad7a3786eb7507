import { Agent, request } from "node:http";
import type { AppService } from "./app-service.ts";
import type { Content, Stored } from "./event.ts";
import type { MatrixFaults } from "./faults.ts";
import type { Homeserver } from "./homeserver.ts";
import type { Room } from "./room.ts";

const maxEvents = 100;
/** The wait doubles from 2 s to 512 s. */
const maxDoublings = 8;

interface Transaction {
  readonly id: number;
  readonly events: readonly Stored[];
  readonly body: string;
}

/**
 * Pushes what happens in the rooms of one application service's users, as Synapse does: one transaction at a time, at
 * most 100 events, the same transaction again after any failure, at doubling intervals.
 */
export class Pusher {
  readonly #appService: AppService;
  readonly #faults: MatrixFaults;
  readonly #backoffMs: number;
  readonly #stopListening: () => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 });
  #queue: Stored[] = [];
  #transaction: Transaction | undefined;
  #nextId = 1;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #inFlight: AbortController | undefined;

  constructor(homeserver: Homeserver, appService: AppService, faults: MatrixFaults, backoffMs: number) {
    this.#appService = appService;
    this.#faults = faults;
    this.#backoffMs = backoffMs;
    this.#stopListening = homeserver.listen((stored, room) => {
      if (appService.registration.url !== null && this.#isInterested(stored, room)) this.#add(stored);
    });
  }

  #isInterested({ event }: Stored, room: Room): boolean {
    if (event.type === "m.room.member" && this.#appService.owns(event.state_key ?? "")) return true;
    if (room.joined.has(this.#appService.sender)) return true;
    for (const user of room.joined) if (this.#appService.owns(user)) return true;
    return false;
  }

  #add(stored: Stored): void {
    this.#queue.push(stored);
    if (this.#inFlight || this.#timer || this.#soon) return;
    // Whoever sent the event is answered first.
    this.#soon = setImmediate(() => {
      this.#soon = undefined;
      void this.#drain();
    });
  }

  /** How many events are not yet taken by the service. */
  get waiting(): number {
    return this.#queue.length + (this.#transaction?.events.length ?? 0);
  }

  async #drain(): Promise<void> {
    while (this.#transaction || this.#queue.length > 0) {
      this.#transaction ??= this.#nextTransaction();
      const { id, body } = this.#transaction;
      const abort = new AbortController();
      this.#inFlight = abort;
      const taken = !this.#faults.down && (await this.#put(`/_matrix/app/v1/transactions/${id}`, body, abort.signal));
      if (abort.signal.aborted) return;
      this.#inFlight = undefined;
      if (!taken) {
        this.#retryLater();
        return;
      }
      this.#failures = 0;
      if (this.#faults.repeatTransactions > 0) this.#faults.repeatTransactions -= 1;
      else this.#transaction = undefined;
    }
  }

  #nextTransaction(): Transaction {
    const events = this.#queue.splice(0, maxEvents);
    const body = JSON.stringify({ events: events.map(({ event }) => event) });
    const id = this.#nextId;
    this.#nextId += 1;
    return { id, events, body };
  }

  #retryLater(): void {
    const delayMs = this.#backoffMs * 2 ** Math.min(this.#failures, maxDoublings);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.retryNow(), delayMs);
  }

  /** Ends a wait for the next attempt. */
  retryNow(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#drain();
  }

  /** What a restart of the server does: ids start at 1 again and what was waiting waits for the next event. */
  restart(): void {
    this.#stop();
    this.#queue = [...(this.#transaction?.events ?? []), ...this.#queue];
    this.#transaction = undefined;
    this.#nextId = 1;
    this.#failures = 0;
  }

  /** Asks the service whether it is there: its status, or undefined if it can't be reached. */
  async ping(body: Content): Promise<number | undefined> {
    return this.#request("POST", "/_matrix/app/v1/ping", JSON.stringify(body), AbortSignal.timeout(10_000));
  }

  async #put(path: string, body: string, signal: AbortSignal): Promise<boolean> {
    const status = await this.#request("PUT", path, body, signal);
    return status !== undefined && status >= 200 && status < 300;
  }

  /** Resolves to the status of a JSON answer; undefined where there is none. */
  async #request(method: string, path: string, body: string, signal: AbortSignal): Promise<number | undefined> {
    const { url, hs_token } = this.#appService.registration;
    if (url === null) return undefined;
    return new Promise(resolve => {
      const headers = {
        authorization: `Bearer ${hs_token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      };
      const outgoing = request(`${url.replace(/\/$/, "")}${path}`, { method, headers, agent: this.#agent, signal });
      outgoing.on("error", () => resolve(undefined));
      outgoing.on("response", response => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", piece => {
          text += piece;
        });
        response.on("error", () => resolve(undefined));
        response.on("end", () => resolve(isJson(text) ? response.statusCode : undefined));
      });
      outgoing.end(body);
    });
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
    this.#inFlight?.abort();
    this.#inFlight = undefined;
  }

  close(): void {
    this.#stopListening();
    this.#stop();
    this.#agent.destroy();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
