import type { Copy } from "./adapter.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, Key, MessageRef } from "./model/ids.ts";

/** How many own messages are remembered whose answer has not come. */
const REMEMBERED = 1000;

/**
 * Late twins: a send that was judged absent, sent again, and then took effect after all. The second message with one key
 * is deleted and counted as healed.
 */
export class Twins {
  readonly #machine: Machine;
  /** Own messages seen before their send was answered, by key. */
  readonly #seen = new Map<Key, MessageRef>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A message of ours that came by, live or from history. */
  async saw(link: Link, event: RelayEvent): Promise<void> {
    if (event.type !== "created" || !event.message.key || !link.key) return;
    const { key, ref } = event.message;
    const known = await this.#machine.store.byKey(link.key, key);
    if (!known) this.#remember(key, ref);
    else if (known.ref.message !== ref.message) await this.#heal(link, link.key, { ref, handle: known.handle }, key);
  }

  /** A copy has been committed: was another message seen under its key? */
  async committed(link: Link, lane: ChannelKey, copy: Copy, key: Key): Promise<void> {
    const seen = this.#seen.get(key);
    if (!seen) return;
    this.#seen.delete(key);
    if (seen.message !== copy.ref.message) await this.#heal(link, lane, { ref: seen, handle: copy.handle }, key);
  }

  #remember(key: Key, ref: MessageRef): void {
    this.#seen.set(key, ref);
    const oldest = this.#seen.size > REMEMBERED ? this.#seen.keys().next() : undefined;
    if (oldest && !oldest.done) this.#seen.delete(oldest.value);
  }

  async #heal(link: Link, lane: ChannelKey, twin: Copy, key: Key): Promise<void> {
    await link.network.adapter.remove(twin, key);
    await this.#machine.store.countHealed(lane);
    this.#machine.tell({ type: "healed", channel: lane });
  }
}
