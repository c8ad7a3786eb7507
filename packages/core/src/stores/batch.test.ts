import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { created, drained, hubKey } from "../contract/store/fixture.ts";
import { runBatch } from "./batch.ts";
import { createCalls } from "./calls.ts";
import { openDatabase } from "./database.ts";
import { createFront } from "./front.ts";

/** A database that may have so many pages: SQLite refuses more as it does on a full disk. */
function limited() {
  const db = openDatabase(":memory:");
  const calls = createCalls(db);
  const store = createFront(
    {
      open: async () => undefined,
      send: async batch => runBatch(db, calls, batch, "fanin.db"),
      close: async () => db.close(),
    },
    systemClock,
  );
  const pages = (count: number) => db.exec(`PRAGMA max_page_count = ${count}`);
  return { store, pages };
}

test("a full disk refuses what does not fit, loses nothing, keeps the order, and is over when there is room", async () => {
  const { store, pages } = limited();
  await store.open();
  await store.accept(created("before"));
  pages(1);
  const names = Array.from({ length: 200 }, (_, index) => `m${index}`);
  const settled = await Promise.allSettled(names.map(name => store.accept(created(name))));
  const kept = names.filter((_, index) => settled[index]?.status === "fulfilled");
  const refused = settled.filter(result => result.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) {
    expect(reason).toMatchObject({ name: "RelayError", code: "store-full", retry: "later", delivered: "no" });
    expect(reason.message).toContain("fanin.db");
  }
  expect((await store.stats())[0]?.waiting).toBe(1 + kept.length);
  pages(1_000_000);
  const again = await Promise.all(names.map(name => store.accept(created(name))));
  expect(again.map(({ fresh }) => fresh)).toEqual(names.map(name => !kept.includes(name)));
  const delivered = await drained(store, hubKey);
  expect(delivered).toEqual(["before", ...names]);
  await store.close();
});

test("a call that fails by itself leaves the others of its batch", async () => {
  const { store } = limited();
  await store.open();
  const [delivery] = created("twice in one lane").deliveries;
  if (!delivery) throw new Error("no delivery");
  const settled = await Promise.allSettled([
    store.accept(created("one")),
    store.accept({ ...created("broken"), deliveries: [delivery, delivery] }),
    store.accept(created("two")),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await drained(store)).toEqual(["one", "two"]);
  expect((await store.accept(created("broken"))).fresh).toBe(true);
  await store.close();
});
