import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Adapter, Copy, Post } from "../adapter.ts";
import { plainContent } from "../model/content.ts";
import type { Created, RelayEvent } from "../model/event.ts";
import { type ChannelRef, type Cursor, channelKey, Key } from "../model/ids.ts";

/** A message as people on the network see it, in the order the network shows. */
export interface Shown {
  readonly id: string;
  readonly author: string;
  /** Without markup. */
  readonly text: string;
  readonly replyTo?: string;
}

/** A network for the contract: an adapter, a channel that it may join, and a person who speaks there. */
export interface ContractNetwork {
  readonly adapter: Adapter;
  readonly channel: ChannelRef;
  say(text: string, replyTo?: string): Promise<string>;
  edit(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
  shown(): readonly Shown[] | Promise<readonly Shown[]>;
  close(): Promise<void>;
}

/** A network with its adapter connected and listening. */
export class Rig {
  readonly network: ContractNetwork;
  readonly own: ReadonlySet<string>;
  readonly #heard: RelayEvent[] = [];
  readonly #stop = new AbortController();
  /** Where history stood before the first send. */
  #before: Cursor | undefined;

  private constructor(network: ContractNetwork, own: ReadonlySet<string>) {
    this.network = network;
    this.own = own;
  }

  static async open(network: ContractNetwork): Promise<Rig> {
    const { adapter, channel } = network;
    const refused = (await adapter.check()).filter(({ severity }) => severity === "refuse");
    assert.deepEqual(refused, []);
    const rig = new Rig(network, new Set(await adapter.prepare(channel)));
    const accept = async (event: RelayEvent): Promise<void> => {
      if (channelKey(event.channel) === channelKey(channel) && !rig.#isOurs(event)) rig.#heard.push(event);
    };
    await adapter.connect({ accept, missed: () => {}, lost: () => {}, report: () => {} }, rig.#stop.signal);
    return rig;
  }

  get adapter(): Adapter {
    return this.network.adapter;
  }

  get channel(): ChannelRef {
    return this.network.channel;
  }

  /** Other people's live events, once there are so many. */
  async heard(count: number): Promise<RelayEvent[]> {
    return until(async () => (this.#heard.length >= count ? [...this.#heard] : undefined), `${count} live events`);
  }

  async history(after: Cursor): Promise<RelayEvent[]> {
    const events: RelayEvent[] = [];
    for await (const item of this.adapter.history(this.channel, after)) {
      assert.notEqual(item.type, "lost", item.type === "lost" ? item.why : "");
      if (item.type !== "lost") events.push(item);
    }
    return events;
  }

  async eventOf(copy: Copy): Promise<Created> {
    const start = await until(async () => this.#before, "a start");
    const found = (await this.history(start)).find(
      event => event.type === "created" && event.message.ref.message === copy.ref.message,
    );
    assert.ok(found?.type === "created", "the copy is in the history");
    return found;
  }

  post(text: string): Post {
    return { author: { id: "zoe", name: "Zoë Quill" }, content: plainContent(text), files: [] };
  }

  async send(text: string, key: Key = newKey(), more: Partial<Post> = {}): Promise<Copy> {
    this.#before ??= await this.adapter.head(this.channel);
    const [part] = this.adapter.render({ ...this.post(text), ...more });
    return this.adapter.send(this.channel, part, key);
  }

  async shownWith(text: string): Promise<Shown[]> {
    return (await this.network.shown()).filter(shown => shown.text.includes(text));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.adapter.close();
    await this.network.close();
  }

  #isOurs(event: RelayEvent): boolean {
    if (event.type === "deleted") return false;
    const author = event.type === "created" ? event.message.author : event.author;
    return [author.id, ...(author.via ?? [])].some(id => this.own.has(id));
  }
}

export function newKey(): Key {
  return Key.parse(crypto.randomUUID().replaceAll("-", "").slice(0, 16));
}

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await pause(5);
  }
}
