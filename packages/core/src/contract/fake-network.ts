import type { Adapter, Copy, Inbox, Post } from "../adapter.ts";
import { RelayError } from "../errors.ts";
import type { Capabilities } from "../model/capabilities.ts";
import { plainContent } from "../model/content.ts";
import type { RelayEvent } from "../model/event.ts";
import type { Finding } from "../model/finding.ts";
import { ChannelId, type ChannelRef, Cursor, type Key, messageRef, NetworkName } from "../model/ids.ts";
import { plainText } from "../text/plain.ts";
import type { ContractNetwork, Shown } from "./rig.ts";

export interface FakeNetworkOptions {
  readonly network?: string;
  /** Default: `lobby`. */
  readonly channel?: string;
  readonly capabilities?: Partial<Capabilities>;
}

/** A chat network in memory with its adapter: what the engine is tested with, and what an embedder may start from. */
export interface FakeNetwork extends ContractNetwork {
  readonly adapter: Adapter<FakePart>;
  shown(): readonly Shown[];
  /** What `check(channel)` finds. */
  readonly findings: Finding[];
  /** Called before every send; what it throws, the send throws. */
  onSend: ((key: Key) => void | Promise<void>) | undefined;
  /** Live events no longer reach the relay, as after a lost connection. */
  deaf: boolean;
  /** Tells the relay that live events may have been missed. */
  missed(): void;
  kick(finding: Finding): void;
  fail(error: RelayError): void;
}

interface FakePart {
  readonly author: string;
  readonly text: string;
  readonly replyTo?: string;
}

interface Stored extends Shown {
  readonly key?: Key;
  readonly via?: string;
}

const OWN = "relay-bot";

export function createFakeNetwork(options: FakeNetworkOptions = {}): FakeNetwork {
  return new InMemoryNetwork(options);
}

class InMemoryNetwork implements FakeNetwork {
  readonly channel: ChannelRef;
  readonly adapter: Adapter<FakePart>;
  readonly findings: Finding[] = [];
  onSend: ((key: Key) => void | Promise<void>) | undefined;
  deaf = false;
  readonly #messages: Stored[] = [];
  readonly #happened: RelayEvent[] = [];
  #inbox: Inbox | undefined;
  #ids = 0;

  constructor({ network = "fake", channel = "lobby", capabilities = {} }: FakeNetworkOptions) {
    this.channel = { network: NetworkName.parse(network), channel: ChannelId.parse(channel) };
    this.adapter = this.#createAdapter({ ...fakeCapabilities, ...capabilities });
  }

  async say(text: string, replyTo?: string): Promise<string> {
    const id = this.#newId();
    this.#messages.push({ id, author: "Ann", text, ...(replyTo === undefined ? {} : { replyTo }) });
    await this.#tell(this.#created({ id, author: "Ann", text, ...(replyTo === undefined ? {} : { replyTo }) }));
    return id;
  }

  async edit(id: string, text: string): Promise<void> {
    this.#replace(id, text);
    await this.#tell({
      type: "edited",
      id: `edited:${id}:${this.#happened.length}`,
      channel: this.channel,
      ref: messageRef(this.channel, id),
      author: { id: "ann", name: "Ann" },
      content: plainContent(text),
      files: [],
      at: 0,
      cursor: this.#cursor(1),
    });
  }

  async remove(id: string): Promise<void> {
    this.#drop(id);
    const ref = messageRef(this.channel, id);
    await this.#tell({
      type: "deleted",
      id: `deleted:${id}`,
      channel: this.channel,
      ref,
      at: 0,
      cursor: this.#cursor(1),
    });
  }

  shown(): readonly Shown[] {
    return [...this.#messages];
  }

  missed(): void {
    this.#inbox?.missed();
  }

  kick(finding: Finding): void {
    this.#inbox?.lost(this.channel, finding);
  }

  fail(error: RelayError): void {
    this.#inbox?.report({ state: "failed", error });
  }

  async close(): Promise<void> {
    this.#inbox = undefined;
  }

  #createAdapter(capabilities: Capabilities): Adapter<FakePart> {
    return {
      capabilities,
      check: async channel => (channel ? [...this.findings] : []),
      resolve: async name => ({ network: this.channel.network, channel: ChannelId.parse(name) }),
      prepare: async () => [OWN],
      connect: async inbox => {
        this.#inbox = inbox;
      },
      head: async () => this.#cursor(0),
      history: (_, after) => this.#history(Number(after)),
      render: post => renderFake(post, capabilities.limits.part.amount),
      send: async (_, part, key) => {
        await this.onSend?.(key);
        return this.#send(part, key, capabilities.idempotent);
      },
      recall: async (_channel, _part, key, after) => {
        const from = this.#messages.findIndex(({ id }) => id === after?.message) + 1;
        const found = this.#messages.slice(from).find(message => message.key === key);
        return found ? this.#copy(found.id) : "absent";
      },
      edit: async (copy, part) => {
        this.#replace(copy.ref.message, part.text);
        return copy;
      },
      remove: async copy => this.#drop(copy.ref.message, true),
      close: () => this.close(),
    };
  }

  async #send(part: FakePart, key: Key, idempotent: boolean): Promise<Copy> {
    const sent = idempotent ? this.#messages.find(message => message.key === key) : undefined;
    if (sent) return this.#copy(sent.id);
    const id = this.#newId();
    const stored: Stored = {
      id,
      author: part.author,
      text: part.text,
      key,
      via: OWN,
      ...(part.replyTo ? { replyTo: part.replyTo } : {}),
    };
    this.#messages.push(stored);
    void this.#tell(this.#created(stored)).catch(() => undefined); // the event comes before the answer
    return this.#copy(id);
  }

  #created(stored: Stored): RelayEvent {
    const { id, author, text, key, via, replyTo } = stored;
    const ref = messageRef(this.channel, id);
    const message = {
      ref,
      author: { id: via ?? author.toLowerCase(), name: author, ...(via ? { via: [via] } : {}) },
      content: plainContent(text),
      files: [],
      at: 0,
      ...(key ? { key } : {}),
      ...(replyTo ? { replyTo: messageRef(this.channel, replyTo) } : {}),
    };
    return { type: "created", id: `created:${id}`, channel: this.channel, message, cursor: this.#cursor(1) };
  }

  async #tell(event: RelayEvent): Promise<void> {
    this.#happened.push(event);
    if (!this.deaf) await this.#inbox?.accept(event);
  }

  async *#history(after: number): AsyncIterable<RelayEvent> {
    for (let at = after; at < this.#happened.length; at += 1) {
      const event = this.#happened[at];
      if (event) yield event;
    }
  }

  #cursor(ahead: number): Cursor {
    return Cursor.parse(String(this.#happened.length + ahead));
  }

  #newId(): string {
    this.#ids += 1;
    return `m${this.#ids}`;
  }

  #copy(id: string): Copy {
    return { ref: messageRef(this.channel, id), handle: "" };
  }

  #replace(id: string, text: string): void {
    const at = this.#messages.findIndex(message => message.id === id);
    const message = this.#messages[at];
    if (!message) throw new RelayError("not-found", `there is no message ${id}`, { retry: "never" });
    this.#messages[at] = { ...message, text };
  }

  #drop(id: string, silently = false): void {
    const at = this.#messages.findIndex(message => message.id === id);
    if (at >= 0) this.#messages.splice(at, 1);
    else if (!silently) throw new RelayError("not-found", `there is no message ${id}`, { retry: "never" });
  }
}

function renderFake(post: Post, limit: number): FakePart[] {
  const text = plainText(post.content);
  const base = { author: post.author?.name ?? "relay", ...(post.replyTo ? { replyTo: post.replyTo.ref.message } : {}) };
  const parts: FakePart[] = [];
  for (let at = 0; at === 0 || at < text.length; at += limit) parts.push({ ...base, text: text.slice(at, at + limit) });
  return parts;
}

const fakeCapabilities: Capabilities = {
  events: { created: "full", edited: "full", deleted: "full" },
  content: {
    text: "full",
    break: "full",
    inlineCode: "degraded",
    userMention: "degraded",
    customEmoji: "degraded",
    strong: "degraded",
    emphasis: "degraded",
    delete: "degraded",
    link: "degraded",
    paragraph: "full",
    code: "degraded",
    blockquote: "degraded",
  },
  replies: "full",
  threads: "degraded",
  limits: { part: { amount: 1000, unit: "utf16" } },
  rates: [],
  idempotent: false,
  settleMs: 0,
  marks: ["metadata"],
  history: { created: true, edited: true, deleted: true },
};
