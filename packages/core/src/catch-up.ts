import type { Lost } from "./adapter.ts";
import { isStoreError } from "./errors.ts";
import type { Inbound } from "./inbound.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, Cursor } from "./model/ids.ts";
import { asRelayError, persist } from "./retry.ts";

/** Events of history under way to the store at once: their writes share one fsync. */
const WINDOW = 100;

/** Reads what was missed, so that live events go on where history ends. */
export class CatchUp {
  readonly #machine: Machine;
  readonly #inbound: Inbound;
  /** Links being read; true: events were missed again meanwhile. */
  readonly #reading = new Map<Link, boolean>();

  constructor(machine: Machine, inbound: Inbound) {
    this.#machine = machine;
    this.#inbound = inbound;
  }

  /** Opens the link's gap, holds its live events, reads history and releases them. Tries until it is done. */
  async close(link: Link): Promise<void> {
    const { key } = link;
    if (!key || link.state !== "active") return;
    if (typeof link.gap !== "object") link.gap = "open";
    const isReading = this.#reading.has(link);
    this.#reading.set(link, isReading);
    if (isReading) return;
    try {
      await persist(this.#machine, `catch up with ${key}`, () => this.#catchUp(link, key));
    } finally {
      this.#reading.delete(link);
    }
  }

  /** Looks for events that were lost without a sign; live events go on meanwhile. */
  async recheck(link: Link): Promise<void> {
    const { key } = link;
    if (!key || link.state !== "active" || link.gap !== "none" || link.network.state !== "connected") return;
    await this.#read(link, key).catch(() => undefined); // the next one comes soon
  }

  async #catchUp(link: Link, key: ChannelKey): Promise<void> {
    do {
      this.#reading.set(link, false);
      await this.#machine.store.openGap(key);
      await this.#readOrGiveUp(link, key);
      if (this.#isOff(link)) return;
      await this.#release(link, key);
    } while (this.#reading.get(link));
  }

  /** What can't be read at all is announced and given up. */
  async #readOrGiveUp(link: Link, key: ChannelKey): Promise<void> {
    const { store } = this.#machine;
    try {
      await this.#read(link, key);
    } catch (thrown) {
      const error = asRelayError(thrown);
      if (error.retry === "later" || isStoreError(error) || !link.ref) throw error;
      await this.#announce(link, key, await store.cursor(key), { type: "lost", why: error.message });
      const head = await link.network.adapter.head(link.ref).catch(() => undefined);
      if (head && !this.#isOff(link)) await store.setCursor(key, head);
    }
  }

  async #read(link: Link, key: ChannelKey): Promise<void> {
    const { store, tell } = this.#machine;
    const after = await store.cursor(key);
    if (!link.ref || !after) return;
    let read = 0;
    let window: RelayEvent[] = [];
    for await (const item of link.network.adapter.history(link.ref, after)) {
      if (this.#isOff(link)) return;
      read += 1;
      if (item.type !== "lost") window.push(item);
      if (item.type !== "lost" && window.length < WINDOW) continue;
      await this.#keep(link, window);
      window = [];
      if (item.type === "lost") await this.#announce(link, key, after, item);
    }
    await this.#keep(link, window);
    if (read > 0) tell({ type: "caught-up", channel: key, read });
  }

  /** The last one moves the cursor, once all before it are kept: one that the store refused is read again. */
  async #keep(link: Link, window: readonly RelayEvent[]): Promise<void> {
    const last = window.at(-1);
    await Promise.all(window.slice(0, -1).map(event => this.#inbound.read(link, event)));
    if (last && !this.#isOff(link)) await this.#inbound.read(link, last, last.cursor);
  }

  /** Hands on the held events in their order; those that come meanwhile wait for the end of it. */
  async #release(link: Link, key: ChannelKey): Promise<void> {
    await this.#inbound.release(link);
    const waiting: (() => void)[] = [];
    link.gap = waiting;
    let isClosed = false;
    try {
      while (!(await this.#machine.store.closeGap(key))) await this.#inbound.release(link);
      isClosed = true;
    } finally {
      link.gap = isClosed && !this.#reading.get(link) ? "none" : "open";
      for (const go of waiting) go();
    }
  }

  #isOff(link: Link): boolean {
    return this.#machine.signal.aborted || link.state !== "active";
  }

  /** Once for what follows one cursor, however often that is tried. */
  async #announce(link: Link, key: ChannelKey, after: Cursor | undefined, lost: Lost): Promise<void> {
    const { fromMs, toMs, why } = lost;
    this.#machine.tell({
      type: "lost",
      channel: key,
      why,
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
    });
    const from = fromMs === undefined ? "" : ` from ${new Date(fromMs).toISOString()}`;
    const to = toMs === undefined ? "" : ` to ${new Date(toMs).toISOString()}`;
    const text = `What was said on ${link.spec.channel}${from}${to} could not be read and is missing here: ${why}`;
    await this.#inbound.announce(link, `lost:${after}:${fromMs ?? ""}:${toMs ?? ""}`, text);
  }
}
