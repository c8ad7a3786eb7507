import { stringAt } from "../matrix/event.ts";
import type { Room } from "../matrix/room.ts";
import type { IrcChannel } from "./channel.ts";
import { bridgedNick } from "./nick.ts";

/** The IRC connection of one person from Matrix. */
export interface IrcClient {
  readonly user: string;
  readonly nick: string;
  connected: boolean;
  /** What waits for the connection. */
  readonly waiting: (() => void)[];
}

/** One IRC connection per Matrix user, made at their first message, one after another, each taking `connectMs`. */
export class IrcClients {
  readonly #byUser = new Map<string, IrcClient>();
  readonly #channel: IrcChannel;
  readonly #connectMs: number;
  readonly #onConnected: (client: IrcClient) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #freeAt = 0;

  constructor(channel: IrcChannel, connectMs: number, onConnected: (client: IrcClient) => void) {
    this.#channel = channel;
    this.#connectMs = connectMs;
    this.#onConnected = onConnected;
  }

  of(user: string): IrcClient | undefined {
    return this.#byUser.get(user);
  }

  withNick(nick: string): IrcClient | undefined {
    return [...this.#byUser.values()].find(client => client.nick === nick);
  }

  /** Runs `send` now if the user is connected; else when they are, and then what came first comes last. */
  whenConnected(user: string, room: Room, send: (client: IrcClient) => void): void {
    const client = this.#byUser.get(user) ?? this.#open(user, room);
    if (client.connected) send(client);
    else client.waiting.push(() => send(client));
  }

  /** The nick is the name at the first message; later changes of name do not reach IRC. */
  #open(user: string, room: Room): IrcClient {
    const name = stringAt(room.state("m.room.member", user), "displayname") ?? user.slice(1).split(":")[0] ?? user;
    const isTaken = (nick: string) => this.#channel.has(nick) || this.withNick(nick) !== undefined;
    const client: IrcClient = { user, nick: bridgedNick(name, isTaken), connected: false, waiting: [] };
    this.#byUser.set(user, client);
    if (this.#connectMs === 0) this.#connect(client);
    else {
      const now = performance.now();
      this.#freeAt = Math.max(now, this.#freeAt) + this.#connectMs;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#connect(client);
      }, this.#freeAt - now);
      this.#timers.add(timer);
    }
    return client;
  }

  #connect(client: IrcClient): void {
    client.connected = true;
    this.#onConnected(client);
    const [first, ...rest] = client.waiting.splice(0);
    for (const send of first ? [...rest, first] : []) send();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
