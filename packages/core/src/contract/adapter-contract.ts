import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Adapter, Copy, Lost, Post } from "../adapter.ts";
import { RelayError } from "../errors.ts";
import { Capabilities } from "../model/capabilities.ts";
import { type Content, plainContent } from "../model/content.ts";
import { RelayEvent } from "../model/event.ts";
import { type ChannelRef, type Cursor, channelKey, Key, messageRef, NetworkName } from "../model/ids.ts";

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

/** The part of a test runner that a contract needs; vitest's and node:test's `test` fit. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

/**
 * What the relay relies on in every adapter. `create` gives a fresh network each time. Deviations are declared in the
 * adapter's capabilities, never skipped here.
 */
export function adapterContract(test: TestFunction, create: () => Promise<ContractNetwork>): void {
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      const bench = await Bench.open(await create());
      try {
        await run(bench);
      } finally {
        await bench.close();
      }
    });
  }
}

const cases: Record<string, (bench: Bench) => Promise<void>> = {
  "describes itself by valid capabilities": async ({ adapter }) => {
    Capabilities.parse(adapter.capabilities);
  },

  "prepares a channel twice with the same ids": async ({ adapter, channel, own }) => {
    assert.ok(own.size > 0, "prepare must say what copies are written as");
    assert.deepEqual(new Set(await adapter.prepare(channel)), own);
    assert.deepEqual(
      (await adapter.check(channel)).filter(({ severity, id }) => severity === "refuse" && id !== "private"),
      [],
    );
  },

  "tells of a message, its edit and its delete, in order": async bench => {
    const id = await bench.network.say("first");
    await bench.heard(1); // some networks no longer show what was changed before it was fetched
    await bench.network.edit(id, "second");
    await bench.heard(2);
    await bench.network.remove(id);
    const events = await bench.heard(3);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["created", "edited", "deleted"],
    );
    for (const event of events) {
      RelayEvent.parse(event);
      const ref = event.type === "created" ? event.message.ref : event.ref;
      assert.deepEqual(ref, messageRef(bench.channel, id));
    }
    assert.equal(new Set(events.map(event => event.id)).size, 3, "each happening has an id of its own");
  },

  "says what a message answers": async bench => {
    if (bench.adapter.capabilities.replies !== "full") return;
    const question = await bench.network.say("question");
    const answer = await bench.network.say("answer", question);
    const heard = (await bench.heard(2)).find(
      event => event.type === "created" && event.message.ref.message === answer,
    );
    assert.ok(heard?.type === "created");
    const target = heard.message.replyTo ?? heard.message.thread;
    assert.deepEqual(target, messageRef(bench.channel, question));
  },

  "reads history with the ids of the live events": async bench => {
    const start = await bench.adapter.head(bench.channel);
    for (const text of ["one", "two", "three"]) await bench.network.say(text);
    const live = await bench.heard(3);
    const read = await bench.history(start);
    assert.deepEqual(
      read.map(({ id }) => id),
      live.map(({ id }) => id),
    );
  },

  "goes on from any cursor without a gap": async bench => {
    const start = await bench.adapter.head(bench.channel);
    for (const text of ["one", "two", "three", "four"]) await bench.network.say(text);
    await bench.heard(4);
    const all = await bench.history(start);
    for (const [at, event] of all.entries()) {
      assert.ok(event.cursor, "every event of history has its cursor");
      const rest = await bench.history(event.cursor);
      assert.deepEqual(
        rest.map(({ id }) => id),
        all.slice(at + 1).map(({ id }) => id),
      );
    }
    assert.deepEqual(await bench.history(await bench.adapter.head(bench.channel)), []);
  },

  "sends once, under the author's name": async bench => {
    const copy = await bench.send("hello there");
    const shown = await bench.shownWith("hello there");
    assert.equal(shown.length, 1);
    assert.equal(shown[0]?.id, copy.ref.message);
    assert.equal(shown[0]?.author, "Zoë Quill");
  },

  "sends in order": async bench => {
    for (const text of ["alpha", "beta", "gamma"]) await bench.send(text);
    const order = (await bench.network.shown()).map(({ text }) => text);
    const at = ["alpha", "beta", "gamma"].map(text => order.findIndex(line => line.includes(text)));
    assert.ok(at.every(place => place >= 0) && at.every((place, index) => index === 0 || place > (at[index - 1] ?? 0)));
  },

  "knows its own copies by what prepare said": async bench => {
    const copy = await bench.send("mine");
    const seen = await bench.eventOf(copy);
    assert.ok([seen.message.author.id, ...(seen.message.author.via ?? [])].some(id => bench.own.has(id)));
  },

  "carries the key where it says so": async bench => {
    if (bench.adapter.capabilities.marks.length === 0) return;
    const start = await bench.adapter.head(bench.channel);
    const key = newKey();
    await bench.send("marked", key);
    const read = await bench.history(start);
    assert.ok(read.some(event => event.type === "created" && event.message.key === key));
  },

  "settles a repeated or unanswered send": async bench => {
    const before = await bench.send("before");
    const key = newKey();
    const [part] = bench.adapter.render(bench.post("only once"));
    const sent = await bench.adapter.send(bench.channel, part, key);
    if (bench.adapter.capabilities.idempotent) {
      assert.deepEqual((await bench.adapter.send(bench.channel, part, key)).ref, sent.ref);
    } else {
      const found = await bench.adapter.recall(bench.channel, part, key, before.ref);
      assert.ok(typeof found === "object", `recall said ${String(found)}`);
      assert.deepEqual(found.ref, sent.ref);
      assert.equal(await bench.adapter.recall(bench.channel, part, newKey(), before.ref), "absent");
    }
    assert.equal((await bench.shownWith("only once")).length, 1);
  },

  "edits a copy, also twice": async bench => {
    const copy = await bench.send("old words");
    const [part] = bench.adapter.render(bench.post("new words"));
    const edited = await bench.adapter.edit(copy, part, newKey());
    await bench.adapter.edit(edited, part, newKey());
    assert.equal((await bench.shownWith("old words")).length, 0);
    assert.equal((await bench.shownWith("new words")).length, 1);
    assert.deepEqual(edited.ref, copy.ref);
  },

  "removes a copy, also twice, and nothing else": async bench => {
    await bench.send("stays");
    const copy = await bench.send("goes");
    await bench.adapter.remove(copy, newKey());
    await bench.adapter.remove(copy, newKey());
    assert.equal((await bench.shownWith("goes")).length, 0);
    assert.equal((await bench.shownWith("stays")).length, 1);
  },

  "says that a copy is gone": async bench => {
    const copy = await bench.send("soon gone");
    await bench.adapter.remove(copy, newKey());
    const [part] = bench.adapter.render(bench.post("too late"));
    await assert.rejects(
      bench.adapter.edit(copy, part, newKey()),
      error => error instanceof RelayError && error.code === "not-found",
    );
  },

  "splits what is too long and loses nothing": async bench => {
    const { amount } = bench.adapter.capabilities.limits.part;
    const words = Array.from({ length: Math.ceil(amount / 4) }, (_, at) => `w${at}`);
    const parts = bench.adapter.render(bench.post(words.join(" ")));
    assert.ok(parts.length > 1);
    for (const part of parts) await bench.adapter.send(bench.channel, part, newKey());
    const text = (await bench.network.shown()).map(shown => shown.text).join(" ");
    for (const word of [words[0], words[Math.floor(words.length / 2)], words.at(-1)])
      assert.ok(text.includes(word ?? "?"));
  },

  "answers where it can": async bench => {
    if (bench.adapter.capabilities.replies !== "full") return;
    const question = await bench.network.say("which one?");
    const target = { ref: messageRef(bench.channel, question), author: "Ann" };
    const copy = await bench.send("that one", newKey(), { replyTo: target });
    const shown = (await bench.network.shown()).find(({ id }) => id === copy.ref.message);
    assert.equal(shown?.replyTo, question);
  },

  "leaves people of other networks unpinged": async bench => {
    const person = {
      type: "userMention",
      network: NetworkName.parse("elsewhere"),
      person: "U0STRANGER",
      name: "Stranger",
    } as const;
    const content: Content = {
      type: "root",
      children: [{ type: "paragraph", children: [person, { type: "text", value: " look" }] }],
    };
    const [part] = bench.adapter.render({ ...bench.post(""), content });
    await bench.adapter.send(bench.channel, part, newKey());
    assert.equal((await bench.shownWith("@Stranger")).length, 1);
    assert.equal((await bench.shownWith("U0STRANGER")).length, 0);
  },
};

/** A network with its adapter connected and listening. */
class Bench {
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

  static async open(network: ContractNetwork): Promise<Bench> {
    const { adapter, channel } = network;
    const refused = (await adapter.check()).filter(({ severity }) => severity === "refuse");
    assert.deepEqual(refused, []);
    const bench = new Bench(network, new Set(await adapter.prepare(channel)));
    const accept = async (event: RelayEvent): Promise<void> => {
      if (channelKey(event.channel) === channelKey(channel) && !bench.#isOurs(event)) bench.#heard.push(event);
    };
    await adapter.connect({ accept, missed: () => {}, lost: () => {}, report: () => {} }, bench.#stop.signal);
    return bench;
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
      assert.notEqual(item.type, "lost", (item as Lost).why);
      if (item.type !== "lost") events.push(item);
    }
    return events;
  }

  async eventOf(copy: Copy): Promise<Extract<RelayEvent, { type: "created" }>> {
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

function newKey(): Key {
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
