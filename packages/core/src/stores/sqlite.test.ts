import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { type StoreSubject, storeContract } from "../contract/store-contract.ts";
import type { Store } from "../store.ts";
import { createSqliteStore } from "./sqlite.ts";

async function createSubject(restart: (path: string, store: Store) => Promise<string>): Promise<StoreSubject> {
  const folder = await mkdtemp(join(tmpdir(), "fanin-store-"));
  const path = join(folder, "fanin.db");
  const store = createSqliteStore({ path });
  const opened = [store];
  await store.open();
  return {
    store,
    async reopen() {
      const again = createSqliteStore({ path: await restart(path, store) });
      opened.push(again);
      await again.open();
      return again;
    },
    async dispose() {
      for (const each of opened) await each.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe("SQLite store, closed and opened", () => {
  storeContract(test.concurrent, () =>
    createSubject(async (path, store) => {
      await store.close();
      return path;
    }),
  );
});

describe("SQLite store, as a crash leaves it", () => {
  storeContract(test.concurrent, () =>
    createSubject(async path => {
      // What is in the files at this moment is all that a killed process leaves.
      const left = `${path}.left`;
      await copyFile(path, left);
      await copyFile(`${path}-wal`, `${left}-wal`);
      return left;
    }),
  );
});
