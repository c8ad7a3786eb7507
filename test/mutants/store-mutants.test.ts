import { createMemoryStore, type Store } from "@fanin/core";
import { storeContract } from "@fanin/core/contract";
import { describe, expect, test } from "vitest";
import { storeMutants } from "./store.ts";

/** The first of the contract's cases that the store fails. */
async function firstFailure(wrap: (store: Store) => Store): Promise<string | undefined> {
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
  for (const { name, run } of cases) {
    const passed = await run().then(
      () => true,
      () => false,
    );
    if (!passed) return name;
  }
  return undefined;
}

describe("the store's contract", () => {
  test("passes the store itself", async () => {
    expect(await firstFailure(store => ({ ...store }))).toBeUndefined();
  });

  test.each(Object.entries(storeMutants))("notices a store that %s", async (_name, wrap) => {
    expect(await firstFailure(wrap)).toBeDefined();
  });
});
