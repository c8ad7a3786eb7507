import { createMemoryStore, type Store } from "@fanin/core";
import { storeContract } from "@fanin/core/contract";
import { describe, expect, test } from "vitest";
import { storeMutants } from "./store.ts";

/** The contract's cases that the store fails. */
async function failures(wrap: (store: Store) => Store): Promise<string[]> {
  const cases: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  storeContract(
    (name, run) => cases.push({ name, run }),
    async () => {
      const store = createMemoryStore();
      await store.open();
      return {
        store: wrap(store),
        async reopen() {
          await store.close();
          await store.open();
          return wrap(store);
        },
        dispose: () => store.close(),
      };
    },
  );
  const failed: string[] = [];
  for (const { name, run } of cases) await run().catch(() => failed.push(name));
  return failed;
}

describe("the store's contract", () => {
  test("passes the store itself", async () => {
    expect(await failures(store => ({ ...store }))).toEqual([]);
  });

  test.each(Object.entries(storeMutants))("notices a store that %s", async (_name, wrap) => {
    expect(await failures(wrap)).not.toEqual([]);
  });
});
