import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { created, event, hubKey, slackKey } from "../contract/store/fixture.ts";
import { createSqliteStore } from "./sqlite.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-lock-"));
  path = join(folder, "fanin.db");
});

afterEach(() => rm(folder, { recursive: true }));

test("a store is open once in a process too, and a closed one can be opened again", async () => {
  const store = createSqliteStore({ path });
  await store.open();
  await expect(createSqliteStore({ path }).open()).rejects.toMatchObject({
    code: "store-in-use",
    message: expect.stringContaining("this process itself"),
  });
  await expect(store.open()).rejects.toMatchObject({ code: "store-in-use" });
  await store.accept(created("one"));
  await store.close();
  await expect(store.lanes()).rejects.toMatchObject({ code: "store-broken" });
  await store.open();
  expect(await store.lanes()).toHaveLength(1);
  await store.close();
});

test("a database from a newer version is refused by name and left alone", async () => {
  const store = createSqliteStore({ path });
  await store.open();
  await store.close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99; UPDATE meta SET value = '7.0.0' WHERE name = 'version'");
  db.close();
  const before = await readFile(path);
  await expect(store.open()).rejects.toMatchObject({
    code: "store-newer",
    message: expect.stringMatching(/was written by fanin 7\.0\.0 \(schema 99\).*run fanin 7\.0\.0 or newer/),
  });
  expect(await readFile(path)).toEqual(before);
});

test("what is no store of ours is refused with its path and left alone", async () => {
  const refusal = (words: string) => ({
    code: "store-broken",
    retry: "never",
    message: expect.stringContaining(`${path} ${words}`),
  });
  await writeFile(path, "Dear diary, this is no database. ".repeat(100));
  await expect(createSqliteStore({ path }).open()).rejects.toMatchObject(refusal("is not a database"));
  await rm(path);
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE recipe (name TEXT)");
  db.close();
  await expect(createSqliteStore({ path }).open()).rejects.toMatchObject(refusal("is another program's database"));
  for (path of [folder, join(folder, "missing", "fanin.db")]) {
    await expect(createSqliteStore({ path }).open()).rejects.toMatchObject(refusal("can't be opened"));
  }
});

test("what was said is gone from the files once it is delivered", async () => {
  const store = createSqliteStore({ path });
  await store.open();
  const text = "a very secret recipe";
  const { deliveries } = event("created", "m1", text, [hubKey]);
  const { begun } = await store.accept({ room: hubKey, channel: slackKey, eventId: "m1", deliveries });
  for (const { lane, id } of begun) await store.commit(lane, id, { type: "nothing" }, true);
  await store.close();
  expect((await readFile(path)).includes(text)).toBe(false);
  expect((await readFile(path)).includes("m1")).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual(["fanin.db"]);
});
