import type { Store } from "@fanin/core";

/** Stores that break one promise each, by name of what they do wrong. The contract must notice every one. */
export const storeMutants: Readonly<Record<string, (store: Store) => Store>> = {
  "forgets which events it knows": store => {
    let accepts = 0;
    return {
      ...store,
      accept: acceptance => {
        accepts += 1;
        return store.accept({ ...acceptance, eventId: `${acceptance.eventId} ${accepts}` });
      },
    };
  },

  "delivers to the first lane only": store => ({
    ...store,
    accept: acceptance => store.accept({ ...acceptance, deliveries: acceptance.deliveries.slice(0, 1) }),
  }),

  "says accepted before it is": store => ({
    ...store,
    async accept(acceptance) {
      const { deliveries, ...rest } = acceptance;
      const accepted = await store.accept({ ...rest, deliveries: [] });
      if (accepted.fresh) {
        store.accept({ ...rest, eventId: `${rest.eventId} late`, deliveries }).catch(() => undefined);
      }
      return accepted;
    },
  }),

  "moves the cursor in a write of its own": store => ({
    ...store,
    async accept({ cursor, ...acceptance }) {
      const accepted = await store.accept(acceptance);
      if (cursor) await store.setCursor(acceptance.channel, cursor);
      return accepted;
    },
  }),

  "keeps cursors in memory": store => {
    const cursors = new Map<unknown, Awaited<ReturnType<Store["cursor"]>>>();
    return {
      ...store,
      cursor: async channel => cursors.get(channel),
      setCursor: async (channel, cursor) => void cursors.set(channel, cursor),
    };
  },

  "lets a held event move the cursor over the gap": store => ({
    ...store,
    async hold(channel, event) {
      if (event.cursor) await store.setCursor(channel, event.cursor);
      return store.hold(channel, event);
    },
  }),

  "closes a gap over held events": store => ({
    ...store,
    async closeGap(channel) {
      await store.closeGap(channel);
      return true;
    },
  }),

  "loses held events": store => ({ ...store, hold: async () => true }),

  "hands out the second delivery first": store => ({
    ...store,
    async next(lane) {
      const first = await store.next(lane);
      if (!first || !("delivery" in first) || !first.fresh) return first;
      await store.park(lane, first.delivery.id, Date.now() + 60_000);
      const second = await store.next(lane);
      await store.unpark(lane, first.delivery.id);
      return second && "delivery" in second ? second : store.next(lane);
    },
  }),

  "loses the edit of what waits": store => ({
    ...store,
    accept: acceptance =>
      store.accept({ ...acceptance, deliveries: acceptance.deliveries.filter(({ kind }) => kind !== "edited") }),
  }),

  "lines edits up behind what waits": store => ({
    ...store,
    accept: acceptance =>
      store.accept({
        ...acceptance,
        deliveries: acceptance.deliveries.map(planned =>
          planned.kind === "edited" ? { ...planned, kind: "notice" } : planned,
        ),
      }),
  }),

  "delivers what was deleted while it waited": store => ({
    ...store,
    accept: acceptance =>
      store.accept({
        ...acceptance,
        deliveries: acceptance.deliveries.map(planned =>
          planned.kind === "deleted" ? { ...planned, kind: "notice" } : planned,
        ),
      }),
  }),

  "takes everything for fresh after a restart": store => ({
    ...store,
    async next(lane) {
      const next = await store.next(lane);
      return next && "delivery" in next ? { ...next, fresh: true } : next;
    },
  }),

  "takes nothing for fresh": store => ({
    ...store,
    async next(lane) {
      const next = await store.next(lane);
      return next && "delivery" in next ? { ...next, fresh: false } : next;
    },
  }),

  "begins nothing on the way in": store => ({
    ...store,
    async accept(acceptance) {
      const accepted = await store.accept(acceptance);
      for (const { lane, id } of accepted.begun) await store.defer(lane, id, 0, false);
      return { ...accepted, begun: [] };
    },
  }),

  "writes the map and leaves the delivery in the lane": store => ({
    ...store,
    async commit(lane, id, step) {
      await store.commit(lane, id, step, false);
      return undefined;
    },
  }),

  "takes the delivery out and writes no map": store => ({
    ...store,
    commit: (lane, id, step, last) => store.commit(lane, id, step.type === "copy" ? { type: "nothing" } : step, last),
  }),

  "ends a delivery with its first part": store => ({
    ...store,
    commit: (lane, id, step) => store.commit(lane, id, step, true),
  }),

  "starts again with the first part": store => ({
    ...store,
    async next(lane) {
      const next = await store.next(lane);
      return next && "delivery" in next ? { ...next, delivery: { ...next.delivery, part: 0 } } : next;
    },
  }),

  "lets anybody commit": store => ({
    ...store,
    commit: (lane, id, step, last) => store.commit(lane, id, step, last).catch(() => undefined),
  }),

  "does not wait with what is deferred": store => ({
    ...store,
    defer: (lane, id, _dueAt, begun) => store.defer(lane, id, 0, begun),
  }),

  "forgets that a deferred send may have left": store => ({
    ...store,
    defer: (lane, id, dueAt) => store.defer(lane, id, dueAt, false),
  }),

  "lets a parked delivery hold its lane": store => ({
    ...store,
    park: (lane, id, until) => store.defer(lane, id, until, false),
  }),

  "lets a parked delivery wait out its time": store => ({ ...store, unpark: async () => undefined }),

  "does not say that a wait is over": store => ({
    ...store,
    async next(lane) {
      const next = await store.next(lane);
      return next && "delivery" in next ? { ...next, delivery: { ...next.delivery, parkedOut: false } } : next;
    },
  }),

  "buries nothing": store => ({ ...store, bury: async () => 1 }),

  "buries without a trace": store => ({ ...store, dead: async () => [] }),

  "buries the head where the lane was meant": store => ({
    ...store,
    async bury(lane, id, reason) {
      const next = id === undefined ? await store.next(lane) : undefined;
      return store.bury(lane, next && "delivery" in next ? next.delivery.id : id, reason);
    },
  }),

  "replays nothing": store => ({ ...store, replay: async () => true }),

  "finds copies from their original only": store => ({
    ...store,
    async locate(ref, channel) {
      const target = await store.locate(ref, channel);
      return target?.handle || (ref.network === channel.network && ref.channel === channel.channel)
        ? target
        : undefined;
    },
  }),

  "knows no marks": store => ({ ...store, byKey: async () => undefined }),

  "takes an edited copy for the newest": store => {
    const last = new Map<unknown, Awaited<ReturnType<Store["lastCopy"]>>>();
    return {
      ...store,
      commit(lane, id, step, isLast) {
        if (step.type === "copy") last.set(lane, step.copy.ref);
        return store.commit(lane, id, step, isLast);
      },
      lastCopy: async channel => last.get(channel),
    };
  },

  "keeps copies that are gone": store => ({
    ...store,
    commit: (lane, id, step, last) => store.commit(lane, id, step.type === "gone" ? { type: "nothing" } : step, last),
  }),

  "never forgets": store => ({ ...store, sweep: async () => 0 }),

  "forgets everything": store => ({ ...store, sweep: () => store.sweep(Number.MAX_SAFE_INTEGER) }),

  "makes a new secret each time": store => ({
    ...store,
    secret: async () => Math.random().toString(16).slice(2).padEnd(64, "0"),
  }),

  "replaces own ids": store => {
    const own = new Map<unknown, string[]>();
    return {
      ...store,
      addOwn: async (network, ids) => void own.set(network, [...ids]),
      own: async network => own.get(network) ?? [],
    };
  },

  "keeps the cursor of a removed link": store => ({
    ...store,
    async removeLink(channel) {
      const cursor = await store.cursor(channel);
      await store.removeLink(channel);
      if (cursor) await store.setCursor(channel, cursor);
    },
  }),

  "forgets why a link is paused": store => ({
    ...store,
    links: async () => (await store.links()).map(({ finding: _, ...link }) => link),
  }),

  "counts no twins": store => ({ ...store, countHealed: async () => undefined }),
};
