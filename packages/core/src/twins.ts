import type { Copy } from "./adapter.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, Key, MessageRef } from "./model/ids.ts";

/** How many own messages are remembered whose answer has not come, and how many copies whose event has not. */
const REMEMBERED = 1000;

/**
 * Late twins: a send that was judged absent, sent again, and then took effect after all. The second message with one key
 * is deleted and counted as healed.
 */
export class Twins {
  readonly #machine: Machine;
  /** Own messages seen before their send was answered, by key. */
  readonly #seen = new Map<Key, MessageRef>();
  /** Keys of sends whose copy is not committed: the store has nothing under them. */
  readonly #sending = new Set<Key>();
  /** Copies committed lately, so that the network's event of each need not ask the store. */
  readonly #committed = new Map<Key, MessageRef>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A message of ours that came by, live or from history. */
  async saw(link: Link, event: RelayEvent): Promise<void> {
    if (event.type !== "created" || !event.message.key || !link.key) return;
    const { key, ref } = event.message;
    if (this.#committed.get(key)?.message === ref.message) return;
    const known = this.#sending.has(key) ? undefined : await this.#machine.store.byKey(link.key, key);
    if (!known) remember(this.#seen, key, ref);
    else if (known.ref.message !== ref.message) await this.#heal(link, link.key, { ref, handle: known.handle }, key);
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

  /** A copy has been committed: was another message seen under its key? */
  async committed(link: Link, lane: ChannelKey, copy: Copy, key: Key): Promise<void> {
    this.#sending.delete(key);
    remember(this.#committed, key, copy.ref);
    const seen = this.#seen.get(key);
    if (!seen) return;
    this.#seen.delete(key);
    if (seen.message !== copy.ref.message) await this.#heal(link, lane, { ref: seen, handle: copy.handle }, key);
  }

  async #heal(link: Link, lane: ChannelKey, twin: Copy, key: Key): Promise<void> {
    await link.network.adapter.remove(twin, key);
    await this.#machine.store.countHealed(lane);
    this.#machine.tell({ type: "healed", channel: lane });
  }
}

function remember(refs: Map<Key, MessageRef>, key: Key, ref: MessageRef): void {
  refs.set(key, ref);
  const oldest = refs.size > REMEMBERED ? refs.keys().next() : undefined;
  if (oldest && !oldest.done) refs.delete(oldest.value);
}
