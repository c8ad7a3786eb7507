import type { Clock } from "../clock.ts";
import { RelayError } from "../errors.ts";
import { channelKey } from "../model/ids.ts";
import type { Store } from "../store.ts";
import type { Failure, Outcome, WireCall } from "./batch.ts";
import type { Calls } from "./calls.ts";
import { acceptanceRow, acceptedOf, deliveryOf, placeOf, refOf, stepRow, withRef } from "./rows.ts";

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
    accept: async acceptance => acceptedOf(acceptance, await call("accept", acceptanceRow(acceptance))),
    lanes: () => call("lanes"),
    async next(lane) {
      const next = await call("next", lane);
      return next && ("delivery" in next ? { ...next, delivery: deliveryOf(next.delivery) } : next);
    },
    async commit(lane, id, step, last) {
      const row = await call("commit", lane, id, stepRow(step), last);
      return row && deliveryOf(row);
    },
    defer: (lane, id, dueAt, begun) => call("defer", lane, id, dueAt, begun),
    park: (lane, id, until) => call("park", lane, id, until),
    unpark: (lane, id) => call("unpark", lane, id),
    bury: (lane, id, reason) => call("bury", lane, id, reason),
    dead: async () => (await call("dead")).map(letter => ({ ...letter, delivery: deliveryOf(letter.delivery) })),
    replay: id => call("replay", id),
    copies: async (source, lane) => (await call("copies", placeOf(source), lane)).map(withRef),
    async locate(ref, channel) {
      const row = await call("locate", placeOf(ref), channelKey(channel));
      return row && withRef(row);
    },
    async byKey(channel, key) {
      const row = await call("byKey", channel, key);
      return row && withRef(row);
    },
    async lastCopy(channel) {
      const place = await call("lastCopy", channel);
      return place && refOf(place);
    },
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
