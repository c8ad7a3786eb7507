import { Deliverer, type Done } from "./deliver.ts";
import { isStoreError, RelayError } from "./errors.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, MessageRef } from "./model/ids.ts";
import { asRelayError, backoffMs } from "./retry.ts";
import type { Accepted, Delivery } from "./store.ts";
import { Twins } from "./twins.ts";
import { Unanswered } from "./unanswered.ts";

/** How long a lane is drained before others get a turn. */
const TURN_MS = 1000;

/** An event's way out: drains lanes, one delivery at a time each. */
export class Outbound {
  readonly #machine: Machine;
  readonly #deliver: Deliverer;
  readonly #twins: Twins;
  readonly #unanswered = new Unanswered();
  /** Deliveries that drains have met and not brought to their end. */
  readonly #inHand = new Set<string>();
  /** What an acceptance began, for the drain that it woke: the store need not be asked for it. */
  readonly #handed = new Map<ChannelKey, Delivery>();
  readonly #startedAt: number;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#twins = new Twins(machine);
    this.#deliver = new Deliverer(machine, this.#twins, this.#unanswered);
    this.#startedAt = machine.clock.elapsed();
  }

  /** Wakes the lanes that an acceptance filled. */
  accepted(accepted: Accepted): void {
    for (const delivery of accepted.begun) {
      // A drain under way may have been faster.
      if (!this.#inHand.has(delivery.id)) this.#handed.set(delivery.lane, delivery);
    }
    for (const lane of accepted.lanes) this.#machine.scheduler.wake(lane);
  }

  /** A message of ours came by: the one place where a late twin shows. */
  sawOwn(link: Link, event: RelayEvent): Promise<void> {
    return this.#twins.saw(link, event);
  }

  /** True while history of the channel may have to be read again. */
  isHealing(channel: ChannelKey): boolean {
    return this.#twins.isHealing(channel);
  }

  isRemoving(ref: MessageRef): boolean {
    return this.#deliver.isRemoving(ref);
  }

  /** Gives the whole lane up. */
  async bury(lane: ChannelKey, reason: string): Promise<void> {
    this.#handed.delete(lane);
    this.#deliver.forget(lane);
    const count = await this.#machine.store.bury(lane, undefined, reason);
    if (count > 0) this.#machine.tell({ type: "lane-buried", lane, count, reason });
  }

  /** Empties a lane; resolves to when to come again. Rejects only as the store does, and nothing is lost by that. */
  async drain(lane: ChannelKey): Promise<number | undefined> {
    const { clock, linkOf, signal, store } = this.#machine;
    const until = clock.elapsed() + TURN_MS;
    let delivery: Delivery | undefined;
    for (;;) {
      delivery ??= this.#handed.get(lane);
      this.#handed.delete(lane);
      const link = linkOf(lane);
      if (signal.aborted || link?.state !== "active") return undefined;
      if (clock.elapsed() >= until) return clock.now();
      if (!delivery) {
        const next = await store.next(lane);
        if (!next || !("delivery" in next)) return next?.dueAt;
        delivery = next.delivery;
        this.#handed.delete(lane); // the same one, if it was accepted while the store was asked
        this.#meet(delivery, next.fresh);
      }
      this.#inHand.add(delivery.id);
      delivery = await this.#step(link, lane, delivery);
    }
  }

  /**
   * What somebody else has begun may have been sent; what somebody else has tried, too: a send that was judged absent
   * then may have come out since.
   */
  #meet({ attempts, id, lane }: Delivery, fresh: boolean): void {
    const isOthers = !fresh || (attempts > 0 && !this.#inHand.has(id));
    if (isOthers && this.#unanswered.since(id) === undefined) this.#unanswered.began(lane, id, this.#startedAt);
  }

  /** One delivery, whole. Resolves to the next one, begun, where the lane goes on at once. */
  async #step(link: Link, lane: ChannelKey, delivery: Delivery): Promise<Delivery | undefined> {
    const done = await this.#try(link, lane, delivery).catch(thrown =>
      this.#failed(link, lane, delivery, asRelayError(thrown)),
    );
    if (done?.type !== "done") return undefined;
    this.#inHand.delete(delivery.id);
    const { clock, tell } = this.#machine;
    if (tell.watched) tell({ type: "delivered", source: delivery.source, event: delivery.kind, lane, at: clock.now() });
    await this.#deliver.committed(lane);
    return done.next;
  }

  async #try(link: Link, lane: ChannelKey, delivery: Delivery): Promise<Done> {
    if (!link.isPrepared) await this.#prepare(link);
    return this.#deliver.run(link, lane, delivery);
  }

  /** However the network refuses that, it is no fault of this one delivery. */
  async #prepare(link: Link): Promise<void> {
    try {
      if (link.ref) await link.network.prepare(link.ref);
      link.isPrepared = true;
    } catch (cause) {
      const error = asRelayError(cause);
      throw error.retry === "later" ? error : new RelayError(error.code, error.message, { retry: "later", cause });
    }
  }

  async #failed(link: Link, lane: ChannelKey, delivery: Delivery, error: RelayError): Promise<undefined> {
    const { clock, maxAgeMs, signal, store, tell } = this.#machine;
    if (error.code === "lease-lost") return this.#end(delivery);
    if (signal.aborted) return;
    // The delivery stays as begun as it is; whether it was sent, `#unanswered` knows.
    if (isStoreError(error)) throw error;
    const about = { source: delivery.source, event: delivery.kind, lane, at: clock.now() } as const;
    const tooOld = clock.now() - delivery.acceptedAt > maxAgeMs;
    if ((error.retry === "never" && error.code !== "unauthorized") || tooOld) {
      const reason = tooOld ? `gave up after ${Math.round(maxAgeMs / 3_600_000)} h: ${error.message}` : error.message;
      const count = await store.bury(lane, delivery.id, reason);
      this.#end(delivery);
      if (count > 0) tell({ type: "buried", ...about, reason }); // else it went with its lane
      return;
    }
    if (error.code === "unprepared") link.isPrepared = false;
    const until = clock.now() + (error.retryAfterMs ?? backoffMs(delivery.attempts));
    await store.defer(lane, delivery.id, until, this.#unanswered.since(delivery.id) !== undefined);
    tell({ type: "deferred", ...about, error, until });
  }

  #end({ id }: Delivery): undefined {
    this.#inHand.delete(id);
    this.#unanswered.settled(id);
  }
}
