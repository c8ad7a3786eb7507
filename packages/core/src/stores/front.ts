import type { Clock } from "../clock.ts";
import { RelayError } from "../errors.ts";
import type { Acceptance, Accepted, Store } from "../store.ts";
import type { Failure, Outcome, WireCall } from "./batch.ts";
import type { AcceptedRow, Calls } from "./calls.ts";
import { delivery, plannedRow } from "./delivery-row.ts";

/** Where the calls are executed. */
export interface Back {
  open(): Promise<void>;
  /** Executes the calls in order, in one write; one outcome a call. Rejects where none of them can have happened. */
  send(batch: readonly WireCall[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly call: WireCall;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 1024;

/** The store as its users see it: calls made while a batch is under way leave together in the next one. */
export function createFront(back: Back, clock: Clock): Store {
  const queue: Waiting[] = [];
  let sending: Promise<void> | undefined;
  let isOpen = false;

  function call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]> extends [number, ...infer Rest] ? Rest : never
  ): Promise<ReturnType<Calls[Name]>> {
    if (!isOpen) return Promise.reject(new RelayError("store-broken", "The store is not open.", { retry: "never" }));
    return new Promise((resolve, reject) => {
      queue.push({ call: [name, clock.now(), args], resolve, reject });
      sending ??= drain();
    });
  }

  async function drain(): Promise<void> {
    await undefined; // calls made in the same turn share the first batch
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH);
      try {
        const outcomes = await back.send(batch.map(waiting => waiting.call));
        for (const [index, waiting] of batch.entries()) settle(waiting, outcomes[index]);
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    sending = undefined;
  }

  return {
    async open() {
      await back.open();
      isOpen = true;
    },
    secret: () => call("secret"),
    addOwn: (network, ids) => call("addOwn", network, ids),
    own: network => call("own", network),
    links: () => call("links"),
    setLink: link => call("setLink", link),
    removeLink: channel => call("removeLink", channel),
    cursor: channel => call("cursor", channel),
    setCursor: (channel, cursor) => call("setCursor", channel, cursor),
    openGap: channel => call("openGap", channel),
    hold: (channel, event) => call("hold", channel, event),
    held: (channel, limit) => call("held", channel, limit),
    closeGap: channel => call("closeGap", channel),
    gaps: () => call("gaps"),
    async accept(acceptance) {
      const row = { ...acceptance, deliveries: acceptance.deliveries.map(plannedRow) };
      return accepted(acceptance, await call("accept", row));
    },
    lanes: () => call("lanes"),
    async next(lane) {
      const next = await call("next", lane);
      return next && ("delivery" in next ? { ...next, delivery: delivery(next.delivery) } : next);
    },
    async commit(lane, id, step, last) {
      const row = await call("commit", lane, id, step, last);
      return row && delivery(row);
    },
    defer: (lane, id, dueAt, begun) => call("defer", lane, id, dueAt, begun),
    park: (lane, id, until) => call("park", lane, id, until),
    unpark: (lane, id) => call("unpark", lane, id),
    bury: (lane, id, reason) => call("bury", lane, id, reason),
    dead: async () => (await call("dead")).map(letter => ({ ...letter, delivery: delivery(letter.delivery) })),
    replay: id => call("replay", id),
    copies: (source, lane) => call("copies", source, lane),
    locate: (ref, channel) => call("locate", ref, channel),
    byKey: (channel, key) => call("byKey", channel, key),
    lastCopy: channel => call("lastCopy", channel),
    countHealed: channel => call("countHealed", channel),
    stats: () => call("stats"),
    sweep: before => call("sweep", before),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await sending;
      await back.close();
    },
  };
}

function settle({ resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome && "value" in outcome)
    resolve(outcome.value as never); // typed where the call was made
  else reject(failed(outcome ?? { code: "store-broken", message: "The store gave no answer.", retry: "never" }));
}

export function failed({ code, message, retry }: Failure): RelayError {
  return new RelayError(code, message, { retry });
}

function accepted({ deliveries }: Acceptance, { fresh, at, fates }: AcceptedRow): Accepted {
  const placed = fates.flatMap(([id, fate], index) => {
    const planned = deliveries[index];
    return planned
      ? [{ fate, delivery: { ...planned, id, acceptedAt: at, part: 0, attempts: 0, parkedOut: false } }]
      : [];
  });
  return {
    fresh,
    begun: placed.filter(({ fate }) => fate === "begun").map(({ delivery }) => delivery),
    lanes: placed.filter(({ fate }) => fate !== "gone").map(({ delivery }) => delivery.lane),
    folded: placed.filter(({ fate }) => fate === "folded" || fate === "gone").length,
  };
}
