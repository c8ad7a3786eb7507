import { describe, test } from "vitest";
import { storeContract } from "../contract/store-contract.ts";
import { createMemoryStore } from "./memory.ts";

describe("memory store", () => {
  storeContract(test, async () => {
    const store = createMemoryStore();
    await store.open();
    return {
      store,
      async reopen() {
        await store.close();
        await store.open();
        return store;
      },
      dispose: () => store.close(),
    };
  });
});
