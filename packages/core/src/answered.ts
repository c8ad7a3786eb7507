import type { Post, Target } from "./adapter.ts";
import type { Machine } from "./machine.ts";
import { type ChannelKey, type ChannelRef, channelKey, channelOf, type MessageRef } from "./model/ids.ts";
import type { Delivery } from "./store.ts";
import type { Unanswered } from "./unanswered.ts";

/** How long a reply waits, outside its lane, for the copy it answers. */
const PARK_MS = 30_000;

interface Parked {
  readonly lane: ChannelKey;
  readonly id: string;
  readonly source: MessageRef;
  readonly waitsFor: ChannelKey;
}

/** Finds what a message answers on the channel it goes to, and parks it where that may yet come to be. */
export class Answered {
  readonly #machine: Machine;
  readonly #unanswered: Unanswered;
  readonly #parked = new Map<string, Parked>();

  constructor(machine: Machine, unanswered: Unanswered) {
    this.#machine = machine;
    this.#unanswered = unanswered;
  }

  /** What the message answers, as it stands on this channel; "parked" where it waits for that. */
  async resolve(
    channel: ChannelRef,
    lane: ChannelKey,
    delivery: Delivery,
  ): Promise<Pick<Post, "replyTo" | "thread" | "degraded"> | "parked"> {
    const { store } = this.#machine;
    this.#parked.delete(delivery.id);
    const found: { replyTo?: Target; thread?: Target } = {};
    for (const name of ["replyTo", "thread"] as const) {
      const ref = delivery[name];
      if (!ref) continue;
      const mayBeOurs = this.#mayBeOurs(lane, ref);
      let target = await store.locate(ref, channel);
      // Committed while the map was read: look again.
      if (!target && mayBeOurs && !this.#mayBeOurs(lane, ref)) target = await store.locate(ref, channel);
      if (target) found[name] = target;
      else if (this.#mayPark(delivery) && (await this.#park(lane, delivery, ref))) return "parked";
    }
    const wanted = delivery.replyTo ?? delivery.thread;
    return wanted && !found.replyTo && !found.thread ? { degraded: true } : found;
  }

  /** Lets go what was parked until this lane commits. */
  async committed(lane: ChannelKey): Promise<void> {
    const waiting = [...this.#parked.values()].filter(parked => parked.waitsFor === lane);
    for (const parked of waiting) {
      this.#parked.delete(parked.id);
      await this.#machine.store.unpark(parked.lane, parked.id);
      this.#machine.scheduler.wake(parked.lane);
    }
  }

  /** The lane was buried. */
  forget(lane: ChannelKey): void {
    for (const [id, parked] of this.#parked) if (parked.lane === lane) this.#parked.delete(id);
  }

  #mayBeOurs(lane: ChannelKey, ref: MessageRef): boolean {
    const saidOn = channelKey(channelOf(ref));
    return saidOn !== lane && this.#unanswered.on(saidOn);
  }

  /** What may have been sent can't be overtaken any more: a recall looks after the newest copy. */
  #mayPark({ id, part, parkedOut }: Delivery): boolean {
    return !parkedOut && part === 0 && this.#unanswered.since(id) === undefined;
  }

  /** Parks the delivery where the message it answers may yet get a copy; false where it never will. */
  async #park(lane: ChannelKey, delivery: Delivery, ref: MessageRef): Promise<boolean> {
    const saidOn = channelKey(channelOf(ref));
    const mayBeOurs = this.#mayBeOurs(lane, ref);
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
