import { Deliverer } from "./deliver.ts";
import type { RelayError } from "./errors.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, MessageRef } from "./model/ids.ts";
import { asRelayError, backoffMs } from "./retry.ts";
import type { Accepted, Delivery } from "./store.ts";
import { Twins } from "./twins.ts";

/** How long a lane is drained before others get a turn. */
const TURN_MS = 1000;

/** An event's way out: drains lanes, one delivery at a time each. */
export class Outbound {
  readonly #machine: Machine;
  readonly #deliver: Deliverer;
  readonly #twins: Twins;
  /** Deliveries begun by this process: what `next` finds begun and is not here was begun by somebody who is gone. */
  readonly #begunHere = new Set<string>();
  /** What an acceptance began, for the drain that it woke: the store need not be asked for it. */
  readonly #handed = new Map<ChannelKey, Delivery>();
  /** When a send was left unanswered, by delivery. */
  readonly #unansweredAt = new Map<string, number>();
  readonly #startedAt: number;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#twins = new Twins(machine);
    this.#deliver = new Deliverer(machine, this.#twins);
    this.#startedAt = machine.clock.now();
  }

  /** Wakes the lanes that an acceptance filled. */
  accepted(accepted: Accepted): void {
    for (const delivery of accepted.begun) {
      if (this.#begunHere.has(delivery.id)) continue; // a drain under way was faster
      this.#begunHere.add(delivery.id);
      this.#handed.set(delivery.lane, delivery);
    }
    for (const lane of accepted.lanes) this.#machine.scheduler.wake(lane);
  }

  /** A message of ours came by: the one place where a late twin shows. */
  sawOwn(link: Link, event: RelayEvent): Promise<void> {
    return this.#twins.saw(link, event);
  }

  isRemoving(ref: MessageRef): boolean {
    return this.#deliver.isRemoving(ref);
  }

  /** Empties a lane; resolves to when to come again. */
  async drain(lane: ChannelKey): Promise<number | undefined> {
    const { clock, linkOf, signal, store } = this.#machine;
    const until = clock.elapsed() + TURN_MS;
    let delivery: Delivery | undefined;
    let fresh = true;
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
        fresh = next.fresh || this.#begunHere.has(delivery.id);
        this.#begunHere.add(delivery.id);
      }
      const following = await this.#step(link, lane, delivery, fresh);
      this.#begunHere.delete(delivery.id);
      if (following) this.#begunHere.add(following.id);
      delivery = following;
      fresh = true;
    }
  }

  /** One delivery, whole. Resolves to the next one, begun, where the lane goes on at once. */
  async #step(link: Link, lane: ChannelKey, delivery: Delivery, fresh: boolean): Promise<Delivery | undefined> {
    const { clock, store, tell } = this.#machine;
    const about = { source: delivery.source, event: delivery.kind, lane } as const;
    try {
      const unansweredAt = fresh ? undefined : (this.#unansweredAt.get(delivery.id) ?? this.#startedAt);
      const done = await this.#deliver.run(link, lane, delivery, unansweredAt);
      if (done.type === "aside") return undefined;
      this.#unansweredAt.delete(delivery.id);
      if (tell.watched) tell({ type: "delivered", ...about, at: clock.now() });
      for (const parked of this.#deliver.waitingFor(lane)) {
        await store.unpark(parked.lane, parked.id);
        this.#machine.scheduler.wake(parked.lane);
      }
      return done.next;
    } catch (thrown) {
      await this.#failed(link, lane, delivery, asRelayError(thrown));
      return undefined;
    }
  }

  async #failed(link: Link, lane: ChannelKey, delivery: Delivery, error: RelayError): Promise<void> {
    const { clock, maxAgeMs, signal, store, tell } = this.#machine;
    if (error.code === "lease-lost" || signal.aborted) return;
    const about = { source: delivery.source, event: delivery.kind, lane, at: clock.now() } as const;
    const tooOld = clock.now() - delivery.acceptedAt > maxAgeMs;
    if ((error.retry === "never" && error.code !== "unauthorized") || tooOld) {
      const reason = tooOld ? `gave up after ${Math.round(maxAgeMs / 3_600_000)} h: ${error.message}` : error.message;
      await store.bury(lane, delivery.id, reason);
      this.#unansweredAt.delete(delivery.id);
      tell({ type: "buried", ...about, reason });
      return;
    }
    if (error.delivered === "unknown") this.#unansweredAt.set(delivery.id, clock.now());
    if (error.code === "unprepared" && link.ref) await link.network.prepare(link.ref).catch(() => undefined);
    const until = clock.now() + (error.retryAfterMs ?? backoffMs(delivery.attempts));
    await store.defer(lane, delivery.id, until, error.delivered === "unknown");
    tell({ type: "deferred", ...about, error, until });
  }
}
