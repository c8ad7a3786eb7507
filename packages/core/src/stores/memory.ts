import { type Clock, systemClock } from "../clock.ts";
import type { Store } from "../store.ts";
import { runBatch } from "./batch.ts";
import { createCalls } from "./calls.ts";
import { openDatabase } from "./database.ts";
import { createFront } from "./front.ts";

/**
 * A store in RAM, for tests: the same tables and statements as the SQLite store, without a file and without a thread.
 * Opening it again after `close` finds what was there, as a restart would.
 */
export function createMemoryStore(options: { readonly clock?: Clock } = {}): Store {
  const db = openDatabase(":memory:");
  let calls = createCalls(db);
  return createFront(
    {
      async open() {
        calls = createCalls(db);
      },
      send: async batch => runBatch(db, calls, batch, "The store in memory"),
      close: async () => undefined,
    },
    options.clock ?? systemClock,
  );
}
