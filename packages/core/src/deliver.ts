import type { Copy, Post } from "./adapter.ts";
import { Answered } from "./answered.ts";
import { RelayError } from "./errors.ts";
import { keyOf } from "./hash.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { ChannelKey, ChannelRef, Key, MessageRef } from "./model/ids.ts";
import { asRelayError } from "./retry.ts";
import type { CopyRecord, Delivery, Step } from "./store.ts";
import type { Twins } from "./twins.ts";
import type { Unanswered } from "./unanswered.ts";

/** How many copies being deleted are remembered until the network's own event of it has come by. */
const REMEMBERED = 1000;

/** `aside`: the delivery was parked or deferred, and the lane goes on without it or comes again. */
export type Done = { readonly type: "done"; readonly next: Delivery | undefined } | { readonly type: "aside" };

/** One delivery and where it goes. */
interface Job {
  readonly link: Link;
  readonly channel: ChannelRef;
  readonly lane: ChannelKey;
  readonly delivery: Delivery;
}

/** Turns one delivery into calls of its adapter, each step committed before the next begins. */
export class Deliverer {
  readonly #machine: Machine;
  readonly #twins: Twins;
  readonly #unanswered: Unanswered;
  readonly #answered: Answered;
  readonly #removing = new Set<string>();

  constructor(machine: Machine, twins: Twins, unanswered: Unanswered) {
    this.#machine = machine;
    this.#twins = twins;
    this.#unanswered = unanswered;
    this.#answered = new Answered(machine, unanswered);
  }

  /** Rejects as the adapter or the store does; what may have been sent by then is unanswered. */
  async run(link: Link, lane: ChannelKey, delivery: Delivery): Promise<Done> {
    const channel = link.ref;
    if (!channel) throw new RelayError("stopped", `${lane} is not resolved`, { retry: "later" });
    const job = { link, channel, lane, delivery };
    switch (delivery.kind) {
      case "created":
      case "notice":
        return this.#create(job);
      case "edited":
        return this.#edit(job);
      case "deleted":
        return this.#remove(job);
    }
  }

  /** The lane has got a copy: lets go what waited for that. */
  committed(lane: ChannelKey): Promise<void> {
    return this.#answered.committed(lane);
  }

  /** The lane was buried. */
  forget(lane: ChannelKey): void {
    this.#answered.forget(lane);
    this.#unanswered.forget(lane);
  }

  /** True for a copy that this process is deleting: the network's own event of it says nothing new. */
  isRemoving(ref: MessageRef): boolean {
    return this.#removing.has(`${ref.network}:${ref.channel}/${ref.message}`);
  }

  async #create(job: Job): Promise<Done> {
    const refs = await this.#answered.resolve(job.channel, job.lane, job.delivery);
    if (refs === "parked") return { type: "aside" };
    const parts = render(job, refs);
    return this.#parts(job, parts.length, part => this.#send(job, parts[part], part));
  }

  async #edit(job: Job): Promise<Done> {
    const { delivery, lane, link } = job;
    const copies = await this.#machine.store.copies(delivery.source, lane);
    if (copies.length === 0) return this.#nothing(job);
    const parts = render(job, {});
    const byPart = new Map(copies.map(copy => [copy.part, copy]));
    const count = Math.max(parts.length, ...copies.map(copy => copy.part + 1));
    return this.#parts(job, count, async part => {
      const copy = byPart.get(part);
      if (part >= parts.length) return copy ? this.#gone(job, copy) : { type: "nothing" };
      if (!copy) return this.#send(job, parts[part], part);
      // An older edit of it may still be on its way: it must not come out on top.
      if (!(await this.#isSettled(job))) return undefined;
      const edit = () => link.network.adapter.edit(copy, parts[part], keyOf(delivery.id, part)).catch(ifGone);
      const edited = await this.#call(job, edit);
      // The key of the send stays: it is what the copy carries as its mark.
      return edited ? { type: "copy", part, copy: edited, key: copy.key } : { type: "gone", part };
    });
  }

  async #remove(job: Job): Promise<Done> {
    const copies = await this.#machine.store.copies(job.delivery.source, job.lane);
    if (copies.length === 0) return this.#nothing(job);
    const byPart = new Map(copies.map(copy => [copy.part, copy]));
    return this.#parts(job, Math.max(...copies.map(copy => copy.part + 1)), async part => {
      const copy = byPart.get(part);
      return copy ? this.#gone(job, copy) : { type: "nothing" };
    });
  }

  async #gone({ delivery, link }: Job, copy: CopyRecord): Promise<Step> {
    const name = `${copy.ref.network}:${copy.ref.channel}/${copy.ref.message}`;
    this.#removing.add(name);
    const oldest = this.#removing.size > REMEMBERED ? this.#removing.values().next() : undefined;
    if (oldest && !oldest.done) this.#removing.delete(oldest.value);
    await link.network.adapter.remove(copy, keyOf(delivery.id, copy.part));
    return { type: "gone", part: copy.part };
  }

  /** Takes the parts not yet committed in order, each committed before the next; `undefined` from `step` waits. */
  async #parts(job: Job, count: number, step: (part: number) => Promise<Step | undefined>): Promise<Done> {
    const { delivery, lane, link } = job;
    let next: Delivery | undefined;
    for (let part = Math.min(delivery.part, count - 1); part < count; part += 1) {
      const taken = await step(part);
      if (!taken) return { type: "aside" };
      next = await this.#machine.store.commit(lane, delivery.id, taken, part === count - 1);
      this.#unanswered.settled(delivery.id);
      if (taken.type === "copy") this.#twins.committed(link, lane, taken.copy, taken.key);
    }
    return { type: "done", next };
  }

  async #nothing({ delivery, lane }: Job): Promise<Done> {
    return { type: "done", next: await this.#machine.store.commit(lane, delivery.id, { type: "nothing" }, true) };
  }

  /** Undefined: the fate of an earlier send is not settled yet, and the delivery is deferred until it may be. */
  async #send(job: Job, rendered: unknown, part: number): Promise<Step | undefined> {
    const { channel, delivery, link } = job;
    const key = keyOf(delivery.id, part);
    if (!link.network.adapter.capabilities.idempotent && this.#unanswered.since(delivery.id) !== undefined) {
      if (!(await this.#isSettled(job))) return undefined;
      const copy = await this.#recall(job, rendered, key);
      if (copy) return { type: "copy", part, copy, key };
    }
    const send = () => link.network.adapter.send(channel, rendered, key);
    return { type: "copy", part, copy: await this.#twins.send(key, () => this.#call(job, send)), key };
  }

  /** The copy that an unanswered send has left; undefined where it certainly left none. */
  async #recall({ channel, delivery, lane, link }: Job, rendered: unknown, key: Key): Promise<Copy | undefined> {
    const { clock, store, tell } = this.#machine;
    const found = await link.network.adapter.recall(channel, rendered, key, await store.lastCopy(lane));
    if (found === "unknown") {
      throw new RelayError("unreachable", "cannot tell yet whether an unanswered message arrived", { retry: "later" });
    }
    const arrived = found !== "absent";
    tell({ type: "recalled", source: delivery.source, event: delivery.kind, lane, arrived, at: clock.now() });
    if (!arrived) {
      this.#unanswered.settled(delivery.id);
      return undefined;
    }
    // Sent twice before an end of the process, its twin may have come by before this one began.
    const twin = await link.network.adapter.recall(channel, rendered, key, found.ref);
    if (typeof twin === "object") this.#twins.found(key, twin.ref);
    return found;
  }

  /** False: a call made earlier may still take effect, and the delivery is deferred until it can't. */
  async #isSettled({ delivery, lane, link }: Job): Promise<boolean> {
    const { clock, store } = this.#machine;
    const since = this.#unanswered.since(delivery.id);
    if (since === undefined) return true;
    const leftMs = since + link.network.adapter.capabilities.settleMs - clock.elapsed();
    if (leftMs <= 0) return true;
    await store.defer(lane, delivery.id, clock.now() + leftMs, true);
    return false;
  }

  /** A call that must not be repeated blindly: unanswered until its outcome is on disk, or known to be none. */
  async #call<Result>({ delivery, lane }: Job, call: () => Promise<Result>): Promise<Result> {
    const { clock } = this.#machine;
    this.#unanswered.began(lane, delivery.id, clock.elapsed());
    try {
      return await call();
    } catch (thrown) {
      if (asRelayError(thrown).delivered === "no") this.#unanswered.settled(delivery.id);
      else this.#unanswered.began(lane, delivery.id, clock.elapsed());
      throw thrown;
    }
  }
}

/** Pure, so that one that throws would throw again. */
function render({ delivery, link }: Job, refs: Pick<Post, "replyTo" | "thread" | "degraded">): unknown[] {
  const { saying, author } = delivery;
  try {
    return link.network.adapter.render({
      content: saying?.content ?? { type: "root", children: [] },
      files: saying?.files ?? [],
      ...(author ? { author } : {}),
      ...refs,
    });
  } catch (cause) {
    const message = `${link.network.name} cannot render it: ${asRelayError(cause).message}`;
    throw new RelayError("rejected", message, { retry: "never", cause });
  }
}

function ifGone(error: unknown): undefined {
  if (error instanceof RelayError && error.code === "not-found") return undefined;
  throw error;
}
