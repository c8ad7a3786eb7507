import type { Adapter, Inbox, Lost, RelayEvent } from "@fanin/core";
import type { Sabotage } from "../faults/fuzz/story.ts";

/** What is broken under the engine, by name, with a seed whose story shows it. */
export const engineMutants: Readonly<Record<string, { readonly seed: number; readonly sabotage: Sabotage }>> = {
  "a store that forgets what was begun": {
    seed: 1,
    sabotage: {
      store: store => ({
        ...store,
        async next(lane) {
          const next = await store.next(lane);
          return next && "delivery" in next ? { ...next, fresh: true } : next;
        },
      }),
    },
  },

  "a store that forgets which events it knows": {
    seed: 1,
    sabotage: {
      store: store => {
        let accepts = 0;
        return {
          ...store,
          async accept(acceptance) {
            accepts += 1;
            await store.accept({ ...acceptance, deliveries: [] }); // ends its hold
            return store.accept({ ...acceptance, eventId: `${acceptance.eventId} ${accepts}` });
          },
        };
      },
    },
  },

  "a store that drops held events and takes them for read": {
    seed: 4,
    sabotage: {
      store: store => ({
        ...store,
        async hold(channel, event) {
          if (event.cursor) await store.setCursor(channel, event.cursor);
          return true;
        },
      }),
    },
  },

  "a store that keeps no map": {
    seed: 1,
    sabotage: {
      store: store => ({
        ...store,
        commit: (lane, id, step, last) =>
          store.commit(lane, id, step.type === "copy" ? { type: "nothing" } : step, last),
      }),
    },
  },

  "a store that loses the edits of what waits": {
    seed: 1,
    sabotage: {
      store: store => ({
        ...store,
        accept: acceptance =>
          store.accept({ ...acceptance, deliveries: acceptance.deliveries.filter(({ kind }) => kind !== "edited") }),
      }),
    },
  },

  "a store that lets what is deferred be overtaken": {
    seed: 1,
    sabotage: { store: store => ({ ...store, defer: (lane, id, dueAt) => store.park(lane, id, dueAt) }) },
  },

  "a store that ends a delivery with its first part": {
    seed: 1,
    sabotage: { store: store => ({ ...store, commit: (lane, id, step) => store.commit(lane, id, step, true) }) },
  },

  "a recall that finds nothing, where no twin shows either": {
    seed: 1,
    sabotage: { adapter: adapter => ({ ...hidingKeys(adapter), recall: async () => "absent" }) },
  },

  "events of history that are new each time": {
    seed: 1,
    sabotage: {
      adapter: adapter => ({ ...adapter, history: changed(adapter, event => ({ ...event, id: `${event.id}!` })) }),
    },
  },

  "a history without its edits": {
    seed: 1,
    sabotage: {
      adapter: adapter => ({ ...adapter, history: changed(adapter, event => event.type !== "edited" && event) }),
    },
  },

  "a delete that does nothing": {
    seed: 1,
    sabotage: { adapter: adapter => ({ ...adapter, remove: async () => undefined }) },
  },
};

/** What the relay reads, changed or left out. */
function changed(adapter: Adapter, change: (event: RelayEvent) => RelayEvent | false): Adapter["history"] {
  return async function* (channel, after): AsyncIterable<RelayEvent | Lost> {
    for await (const item of adapter.history(channel, after)) {
      const yielded = item.type === "lost" ? item : change(item);
      if (yielded) yield yielded;
    }
  };
}

function withoutKey(event: RelayEvent): RelayEvent {
  if (event.type !== "created") return event;
  const { key: _, ...message } = event.message;
  return { ...event, message };
}

function hidingKeys(adapter: Adapter): Adapter {
  const hiding = (inbox: Inbox): Inbox => ({ ...inbox, accept: event => inbox.accept(withoutKey(event)) });
  return {
    ...adapter,
    connect: (inbox, signal) => adapter.connect(hiding(inbox), signal),
    history: changed(adapter, withoutKey),
  };
}
