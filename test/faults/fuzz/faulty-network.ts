import {
  type Adapter,
  type ChannelRef,
  type Copy,
  channelKey,
  type Inbox,
  RelayError,
  type RelayEvent,
} from "@fanin/core";
import { createFakeNetwork, type FakeNetwork, type ManualClock } from "@fanin/core/contract";
import type { Life } from "./life.ts";
import { movable } from "./places.ts";
import type { Random } from "./random.ts";
import { SETTLE_MS, type Trouble } from "./trouble.ts";

/** A network of several channels whose adapter has all the trouble that a life brings. */
export class FaultyNetwork {
  readonly channels: ReadonlyMap<string, FakeNetwork>;
  /** Messages that the network refuses for good, as `channel text`. */
  readonly refused = new Set<string>();
  readonly #clock: ManualClock;
  readonly #random: Random;
  readonly #trouble: Trouble;
  readonly #tried = new Set<string>();
  /** Channels whose live events are lost until the relay is told so. */
  readonly #deaf = new Set<string>();

  constructor(network: string, names: readonly string[], clock: ManualClock, random: Random, trouble: Trouble) {
    this.#clock = clock;
    this.#random = random;
    this.#trouble = trouble;
    const capabilities = { settleMs: SETTLE_MS, limits: { part: { amount: PART, unit: "utf16" as const } } };
    this.channels = new Map(
      names.map(channel => [channel, createFakeNetwork({ network, channel, capabilities })] as const),
    );
  }

  /** The relay is gone: nobody hears. */
  async disconnect(): Promise<void> {
    this.#deaf.clear();
    for (const channel of this.channels.values()) await channel.close();
  }

  adapter(life: Life): Adapter {
    const call = <Result>(effect: () => Promise<Result>): Promise<Result> => this.#trouble.call(life, effect);
    const of = ({ channel }: ChannelRef): Adapter => {
      const found = this.channels.get(channel);
      if (!found) throw new RelayError("not-found", `there is no channel ${channel}`, { retry: "never" });
      return found.adapter;
    };
    const [first] = [...this.channels.values()].map(({ adapter }) => adapter);
    if (!first) throw new Error("a network has a channel");
    return {
      capabilities: first.capabilities,
      check: channel => call(() => (channel ? of(channel) : first).check(channel)),
      resolve: name => call(() => first.resolve(name)),
      prepare: channel => call(() => of(channel).prepare(channel)),
      connect: (inbox, signal) =>
        call(async () => {
          const heard = this.#inbox(life, inbox);
          for (const channel of this.channels.values()) await channel.adapter.connect(heard, signal);
        }),
      head: channel => call(() => of(channel).head(channel)),
      history: (channel, after) => this.#history(life, of(channel).history(channel, after)),
      render: post => first.render(post),
      send: (channel, part, key) => {
        const isRefused = this.#refuses(channel, part, key);
        const send = async (): Promise<Copy> => {
          if (isRefused) throw new RelayError("rejected", "not this one", { retry: "never" });
          return of(channel).send(channel, part, key);
        };
        // Where nobody listens any more no twin can be found.
        return this.#trouble.call(life, send, !movable.some(moves => moves === channelKey(channel)));
      },
      recall: (channel, part, key, after) => call(() => of(channel).recall(channel, part, key, after)),
      edit: (copy, part, key) => call(() => of(copy.ref).edit(copy, part, key)),
      remove: (copy, key) => call(() => of(copy.ref).remove(copy, key)),
      close: async () => undefined,
    };
  }

  /** Now and then, and only at the very first try: what may have been sent can't be refused any more. */
  #refuses(channel: ChannelRef, part: unknown, key: string): boolean {
    const isFirst = !this.#tried.has(key);
    this.#tried.add(key);
    const token = tokenOf((part as { text: string }).text);
    if (!isFirst || !isToken(token) || this.#trouble.level === 0 || !this.#random.chance(0.02)) return false;
    this.refused.add(`${channelKey(channel)} ${token}`);
    return true;
  }

  async *#history(life: Life, items: ReturnType<Adapter["history"]>): ReturnType<Adapter["history"]> {
    for await (const item of items) {
      if (this.#random.chance(0.1)) await this.#trouble.call(life, async () => undefined);
      yield item;
    }
  }

  /** Loses live events and says so later, and repeats others. */
  #inbox(life: Life, inbox: Inbox): Inbox {
    const later = (ms: number, callback: () => void): void => {
      this.#clock.after(this.#random.int(ms), () => {
        if (!life.isDead) callback();
      });
    };
    const lose = (channel: ChannelRef): void => {
      this.#deaf.add(channel.channel);
      later(2000, () => {
        this.#deaf.delete(channel.channel);
        inbox.missed(this.#random.chance(0.2) ? undefined : channel);
      });
    };
    const accept = async (event: RelayEvent): Promise<void> => {
      if (life.isDead || this.#deaf.has(event.channel.channel)) return;
      if (this.#random.chance(this.#trouble.level / 3)) return lose(event.channel);
      if (this.#random.chance(this.#trouble.level / 3))
        later(5000, () => void inbox.accept(event).catch(() => undefined));
      await inbox.accept(event).catch(() => undefined); // the relay knows that it has to read it
    };
    return {
      accept,
      missed: channel => inbox.missed(channel),
      lost: (channel, finding) => inbox.lost(channel, finding),
      report: state => inbox.report(state),
    };
  }
}

/** The longest part. */
export const PART = 24;

/** Every part of a text names its message, its version and which part it is. */
export function textOf(token: string, version: number, parts: number): string {
  return Array.from({ length: parts }, (_, part) => {
    const head = `${token} ${version} ${part} `;
    return part < parts - 1 ? head.padEnd(PART, ".") : head;
  }).join("");
}

export function tokenOf(text: string): string {
  return text.split(" ")[0] ?? "";
}

/** False for the first word of what the relay itself says. */
export function isToken(word: string): boolean {
  return /^t\d+$/.test(word);
}
