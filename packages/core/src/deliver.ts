import type { Copy, Post, Target } from "./adapter.ts";
import { RelayError } from "./errors.ts";
import { keyOf } from "./hash.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import { type ChannelKey, type ChannelRef, channelKey, channelOf, type Key, type MessageRef } from "./model/ids.ts";
import type { CopyRecord, Delivery, Step } from "./store.ts";
import type { Twins } from "./twins.ts";

/** How long a reply waits, outside its lane, for the copy it answers. */
const PARK_MS = 30_000;

/** How many copies being deleted are remembered until the network's own event of it has come by. */
const REMEMBERED = 1000;

/** `aside`: the delivery was parked or deferred, and the lane goes on without it or comes again. */
export type Done = { readonly type: "done"; readonly next: Delivery | undefined } | { readonly type: "aside" };

interface Parked {
  readonly lane: ChannelKey;
  readonly id: string;
  readonly source: MessageRef;
  readonly waitsFor: ChannelKey;
}

/** Turns one delivery into calls of its adapter, each step committed before the next begins. */
export class Deliverer {
  readonly #machine: Machine;
  readonly #twins: Twins;
  /** Lanes with a send whose copy is not committed: a message there that the map lacks may be that copy. */
  readonly #unanswered = new Set<ChannelKey>();
  readonly #parked = new Map<string, Parked>();
  readonly #removing = new Set<string>();

  constructor(machine: Machine, twins: Twins) {
    this.#machine = machine;
    this.#twins = twins;
  }

  /** `unansweredAt`: its last send may have left then, and nobody knows its fate. Rejects as the adapter does. */
  async run(link: Link, lane: ChannelKey, delivery: Delivery, unansweredAt: number | undefined): Promise<Done> {
    const channel = link.ref;
    if (!channel) throw new RelayError("stopped", `${lane} is not resolved`, { retry: "later" });
    if (delivery.kind === "deleted") return this.#remove(link, lane, delivery);
    this.#unanswered.add(lane);
    try {
      const done =
        delivery.kind === "edited"
          ? await this.#edit(link, channel, lane, delivery, unansweredAt)
          : await this.#create(link, channel, lane, delivery, unansweredAt);
      if (done.type === "done") this.#unanswered.delete(lane);
      return done;
    } catch (error) {
      if (error instanceof RelayError && error.delivered === "no") this.#unanswered.delete(lane);
      throw error;
    }
  }

  /** Deliveries parked until this lane commits; each is named once. */
  waitingFor(lane: ChannelKey): Parked[] {
    const waiting = [...this.#parked.values()].filter(parked => parked.waitsFor === lane);
    for (const parked of waiting) this.#parked.delete(parked.id);
    return waiting;
  }

  /** True for a copy that this process is deleting: the network's own event of it says nothing new. */
  isRemoving(ref: MessageRef): boolean {
    return this.#removing.has(`${ref.network}:${ref.channel}/${ref.message}`);
  }

  async #create(
    link: Link,
    channel: ChannelRef,
    lane: ChannelKey,
    delivery: Delivery,
    unansweredAt?: number,
  ): Promise<Done> {
    this.#parked.delete(delivery.id);
    const refs = await this.#resolve(channel, lane, delivery);
    if (refs === "pending") return { type: "aside" };
    const parts = link.network.adapter.render({ ...postOf(delivery), ...refs });
    return this.#parts(lane, delivery, parts.length, async part => {
      const key = keyOf(delivery.id, part);
      const unanswered = part === delivery.part ? unansweredAt : undefined;
      const copy = await this.#send(link, channel, lane, delivery, parts[part], key, unanswered);
      return copy && { type: "copy", part, copy, key };
    });
  }

  async #edit(
    link: Link,
    channel: ChannelRef,
    lane: ChannelKey,
    delivery: Delivery,
    unansweredAt?: number,
  ): Promise<Done> {
    const copies = await this.#machine.store.copies(delivery.source, lane);
    if (copies.length === 0) return this.#nothing(lane, delivery);
    const { adapter } = link.network;
    const parts = adapter.render(postOf(delivery));
    const byPart = new Map(copies.map(copy => [copy.part, copy]));
    const count = Math.max(parts.length, ...copies.map(copy => copy.part + 1));
    return this.#parts(lane, delivery, count, async part => {
      const key = keyOf(delivery.id, part);
      const copy = byPart.get(part);
      if (part >= parts.length) return copy ? this.#gone(link, copy, key) : { type: "nothing" };
      if (!copy) {
        const unanswered = part === delivery.part ? unansweredAt : undefined;
        const sent = await this.#send(link, channel, lane, delivery, parts[part], key, unanswered);
        return sent && { type: "copy", part, copy: sent, key };
      }
      const edited = await adapter.edit(copy, parts[part], key).catch(ifGone);
      // The key of the send stays: it is what the copy carries as its mark.
      return edited ? { type: "copy", part, copy: edited, key: copy.key } : { type: "gone", part };
    });
  }

  async #remove(link: Link, lane: ChannelKey, delivery: Delivery): Promise<Done> {
    const copies = await this.#machine.store.copies(delivery.source, lane);
    if (copies.length === 0) return this.#nothing(lane, delivery);
    const byPart = new Map(copies.map(copy => [copy.part, copy]));
    return this.#parts(lane, delivery, Math.max(...copies.map(copy => copy.part + 1)), async part => {
      const copy = byPart.get(part);
      return copy ? this.#gone(link, copy, keyOf(delivery.id, part)) : { type: "nothing" };
    });
  }

  async #gone(link: Link, copy: CopyRecord, key: Key): Promise<Step> {
    const name = `${copy.ref.network}:${copy.ref.channel}/${copy.ref.message}`;
    this.#removing.add(name);
    const oldest = this.#removing.size > REMEMBERED ? this.#removing.values().next() : undefined;
    if (oldest && !oldest.done) this.#removing.delete(oldest.value);
    await link.network.adapter.remove(copy, key);
    return { type: "gone", part: copy.part };
  }

  /** Takes the parts not yet committed in order, each committed before the next; `undefined` from `step` waits. */
  async #parts(
    lane: ChannelKey,
    delivery: Delivery,
    count: number,
    step: (part: number) => Promise<Step | undefined>,
  ): Promise<Done> {
    let next: Delivery | undefined;
    for (let part = Math.min(delivery.part, count - 1); part < count; part += 1) {
      const taken = await step(part);
      if (!taken) return { type: "aside" };
      next = await this.#machine.store.commit(lane, delivery.id, taken, part === count - 1);
      if (taken.type === "copy") {
        const link = this.#machine.linkOf(lane);
        if (link) await this.#twins.committed(link, lane, taken.copy, taken.key);
      }
    }
    return { type: "done", next };
  }

  async #nothing(lane: ChannelKey, delivery: Delivery): Promise<Done> {
    return { type: "done", next: await this.#machine.store.commit(lane, delivery.id, { type: "nothing" }, true) };
  }

  /** Undefined: the send's fate is not settled yet, and the delivery is deferred until it may be. */
  async #send(
    link: Link,
    channel: ChannelRef,
    lane: ChannelKey,
    delivery: Delivery,
    part: unknown,
    key: Key,
    unansweredAt: number | undefined,
  ): Promise<Copy | undefined> {
    const { adapter } = link.network;
    const { clock, store, tell } = this.#machine;
    if (unansweredAt !== undefined && !adapter.capabilities.idempotent) {
      const settled = unansweredAt + adapter.capabilities.settleMs;
      if (clock.now() < settled) {
        await store.defer(lane, delivery.id, settled, true);
        return undefined;
      }
      const found = await adapter.recall(channel, part, key, await store.lastCopy(lane));
      if (found === "unknown") {
        throw new RelayError("unreachable", "cannot tell yet whether an unanswered message arrived", {
          retry: "later",
          delivered: "unknown",
        });
      }
      const arrived = found !== "absent";
      tell({ type: "recalled", source: delivery.source, event: delivery.kind, lane, arrived, at: clock.now() });
      if (arrived) return found;
    }
    return this.#twins.send(key, () => adapter.send(channel, part, key));
  }

  /** What the message answers, as it stands on this channel; "pending" where it was parked to wait for that. */
  async #resolve(
    channel: ChannelRef,
    lane: ChannelKey,
    delivery: Delivery,
  ): Promise<Pick<Post, "replyTo" | "thread" | "degraded"> | "pending"> {
    const { store } = this.#machine;
    const found: { replyTo?: Target; thread?: Target } = {};
    for (const name of ["replyTo", "thread"] as const) {
      const ref = delivery[name];
      if (!ref) continue;
      const saidOn = channelKey(channelOf(ref));
      const mayBeOurs = saidOn !== lane && this.#unanswered.has(saidOn);
      let target = await store.locate(ref, channel);
      // Committed while the map was read: look again.
      if (!target && mayBeOurs && !this.#unanswered.has(saidOn)) target = await store.locate(ref, channel);
      if (target) found[name] = target;
      else if (!delivery.parkedOut && (await this.#park(lane, delivery, ref))) return "pending";
    }
    const wanted = delivery.replyTo ?? delivery.thread;
    return wanted && !found.replyTo && !found.thread ? { degraded: true } : found;
  }

  /** Parks the delivery where the message it answers may yet get a copy; false where it never will. */
  async #park(lane: ChannelKey, delivery: Delivery, ref: MessageRef): Promise<boolean> {
    const saidOn = channelKey(channelOf(ref));
    const mayBeOurs = saidOn !== lane && this.#unanswered.has(saidOn);
    const isParked = [...this.#parked.values()].some(
      other =>
        other.lane === lane && other.source.message === ref.message && channelKey(channelOf(other.source)) === saidOn,
    );
    if (!mayBeOurs && !isParked) return false;
    const { clock, store } = this.#machine;
    const waitsFor = mayBeOurs ? saidOn : lane;
    this.#parked.set(delivery.id, { lane, id: delivery.id, source: delivery.source, waitsFor });
    await store.park(lane, delivery.id, Math.max(delivery.acceptedAt + PARK_MS, clock.now() + 1000));
    return true;
  }
}

function postOf(delivery: Delivery): Post {
  const { saying, author } = delivery;
  return {
    content: saying?.content ?? { type: "root", children: [] },
    files: saying?.files ?? [],
    ...(author ? { author } : {}),
  };
}

function ifGone(error: unknown): undefined {
  if (error instanceof RelayError && error.code === "not-found") return undefined;
  throw error;
}
