import type { Lost } from "./adapter.ts";
import type { Inbound } from "./inbound.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { ChannelKey } from "./model/ids.ts";
import { asRelayError, backoffMs } from "./retry.ts";

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
    link.gap = "open";
    if (this.#reading.has(link)) {
      this.#reading.set(link, true);
      return;
    }
    do {
      this.#reading.set(link, false);
      await this.#machine.store.openGap(key);
      await this.#readWhole(link, key);
    } while (this.#reading.get(link) && !this.#machine.signal.aborted);
    this.#reading.delete(link);
    if (!this.#machine.signal.aborted) await this.#release(link, key);
  }

  /** Looks for events that were lost without a sign; live events go on meanwhile. */
  async recheck(link: Link): Promise<void> {
    const { key } = link;
    if (!key || link.state !== "active" || link.gap !== "none" || link.network.state !== "connected") return;
    await this.#read(link, key).catch(() => undefined); // the next one comes soon
  }

  /** Reads until the present, however often it takes; what can't be read at all is announced and given up. */
  async #readWhole(link: Link, key: ChannelKey): Promise<void> {
    const { clock, signal, store, tell } = this.#machine;
    for (let attempt = 0; !signal.aborted && link.state === "active"; attempt += 1) {
      try {
        return await this.#read(link, key);
      } catch (thrown) {
        const error = asRelayError(thrown);
        if (error.retry === "never" && link.ref) {
          await this.#announce(link, key, { type: "lost", why: error.message });
          return await store.setCursor(key, await link.network.adapter.head(link.ref));
        }
        const afterMs = error.retryAfterMs ?? backoffMs(attempt);
        tell({ type: "retrying", what: `read the history of ${key}`, error, afterMs });
        await clock.sleep(afterMs, signal);
      }
    }
  }

  async #read(link: Link, key: ChannelKey): Promise<void> {
    const { store, tell } = this.#machine;
    const after = await store.cursor(key);
    if (!link.ref || !after) return;
    let read = 0;
    let window: Promise<void>[] = [];
    for await (const item of link.network.adapter.history(link.ref, after)) {
      if (this.#machine.signal.aborted || link.state !== "active") return;
      if (item.type === "lost") await this.#announce(link, key, item);
      else window.push(this.#inbound.read(link, item));
      read += 1;
      if (window.length >= WINDOW) {
        await Promise.all(window);
        window = [];
      }
    }
    await Promise.all(window);
    if (read > 0) tell({ type: "caught-up", channel: key, read });
  }

  /** Hands on the held events in their order; those that come meanwhile wait for the end of it. */
  async #release(link: Link, key: ChannelKey): Promise<void> {
    const { store } = this.#machine;
    for (let held = await store.held(key, WINDOW); held.length > 0; held = await store.held(key, WINDOW)) {
      await Promise.all(held.map(event => this.#inbound.release(link, event)));
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    link.gap = promise;
    try {
      while (!(await store.closeGap(key))) {
        const held = await store.held(key, WINDOW);
        await Promise.all(held.map(event => this.#inbound.release(link, event)));
      }
      link.gap = "none";
    } catch (error) {
      link.gap = "open";
      throw error;
    } finally {
      resolve();
    }
  }

  async #announce(link: Link, key: ChannelKey, lost: Lost): Promise<void> {
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
    await this.#inbound.announce(link, `lost:${fromMs ?? 0}:${toMs ?? this.#machine.clock.now()}`, text);
  }
}
