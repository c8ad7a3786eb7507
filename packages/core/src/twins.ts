import type { Copy } from "./adapter.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, Key, MessageRef } from "./model/ids.ts";
import { persist } from "./retry.ts";

/** How many own messages are remembered whose answer has not come, and how many copies whose event has not. */
const REMEMBERED = 1000;

/**
 * Late twins: a send that was judged absent, sent again, and then took effect after all. The second message with one key
 * is deleted and counted as healed.
 */
export class Twins {
  readonly #machine: Machine;
  /** Own messages seen before their send was answered, by key: more than one where there is a twin already. */
  readonly #seen = new Map<Key, readonly MessageRef[]>();
  /** Keys of sends whose copy is not committed: the store has nothing under them. */
  readonly #sending = new Set<Key>();
  /** Copies committed lately, so that the network's event of each need not ask the store. */
  readonly #committed = new Map<Key, MessageRef>();
  readonly #healing = new Map<Promise<void>, ChannelKey>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A message of ours that came by, live or from history. */
  async saw(link: Link, event: RelayEvent): Promise<void> {
    if (event.type !== "created" || !event.message.key || !link.key) return;
    const { key, ref } = event.message;
    if (this.#committed.get(key)?.message === ref.message) return;
    const known = this.#sending.has(key) ? undefined : await this.#machine.store.byKey(link.key, key);
    if (!known) this.found(key, ref);
    else if (known.ref.message !== ref.message) this.#heal(link, link.key, { ref, handle: known.handle }, key);
  }

  /** A message of ours whose copy is not committed: it is that copy, or its twin. */
  found(key: Key, ref: MessageRef): void {
    remember(this.#seen, key, [...(this.#seen.get(key) ?? []), ref]);
  }

  /** Sends under the key; until its copy is committed or the send has failed, the store is known to have none. */
  async send(key: Key, send: () => Promise<Copy>): Promise<Copy> {
    this.#sending.add(key);
    try {
      return await send();
    } catch (error) {
      this.#sending.delete(key);
      throw error;
    }
  }

  /** A copy has been committed: were other messages seen under its key? */
  committed(link: Link, lane: ChannelKey, copy: Copy, key: Key): void {
    this.#sending.delete(key);
    remember(this.#committed, key, copy.ref);
    const seen = this.#seen.get(key) ?? [];
    this.#seen.delete(key);
    for (const ref of new Map(seen.map(one => [one.message, one])).values()) {
      if (ref.message !== copy.ref.message) this.#heal(link, lane, { ref, handle: copy.handle }, key);
    }
  }

  /** True while a twin on the channel is being deleted: should the process die, history has to show it again. */
  isHealing(channel: ChannelKey): boolean {
    return [...this.#healing.values()].includes(channel);
  }

  /** By itself, until it is done: neither the event nor the delivery that showed the twin waits for it. */
  #heal(link: Link, lane: ChannelKey, twin: Copy, key: Key): void {
    const { broken, store, tell } = this.#machine;
    const healed = persist(this.#machine, `delete a late twin on ${lane}`, async () => {
      await link.network.adapter.remove(twin, key);
      await store.countHealed(lane);
      tell({ type: "healed", channel: lane });
    });
    this.#healing.set(healed, lane);
    void healed.catch(broken).finally(() => this.#healing.delete(healed));
  }
}

function remember<Value>(values: Map<Key, Value>, key: Key, value: Value): void {
  values.set(key, value);
  const oldest = values.size > REMEMBERED ? values.keys().next() : undefined;
  if (oldest && !oldest.done) values.delete(oldest.value);
}
