import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import { migrations } from "./schema.ts";

const APPLICATION_ID = 0x66616e69; // "fani"

/**
 * Opens and locks the database, in RAM for `:memory:`. The lock is SQLite's own and the kernel drops it with the process,
 * so one that was killed never stands in the way. Throws what SQLite throws, or `store-newer` or `store-broken`.
 */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // Exclusive before WAL: then no second process can read either, and the WAL's index needs no shared memory.
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    checkOwner(db, path);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    db.exec("PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000");
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Deleted text is gone from the file as well: what the log still holds goes with it. */
export function closeDatabase(db: DatabaseSync): void {
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

function checkOwner(db: DatabaseSync, path: string): void {
  const schema = pragma(db, "user_version");
  const empty = db.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() === undefined;
  if (!empty && pragma(db, "application_id") !== APPLICATION_ID) {
    throw new RelayError("store-broken", `${path} is another program's database: name another file as the store.`, {
      retry: "never",
    });
  }
  if (schema > migrations.length) {
    const writer = db.prepare("SELECT value FROM meta WHERE name = 'version'").get()?.["value"];
    throw new RelayError(
      "store-newer",
      `${path} was written by fanin ${writer} (schema ${schema}) and this is fanin ${version()} (schema ` +
        `${migrations.length}): run fanin ${writer} or newer, or name another file as the store.`,
      { retry: "never" },
    );
  }
}

function migrate(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  for (const script of migrations.slice(pragma(db, "user_version"))) db.exec(script);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
  const keep = db.prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING");
  keep.run("secret", randomBytes(32).toString("hex"));
  keep.run("opening", "0");
  db.prepare("INSERT INTO meta VALUES ('version', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(version());
  db.exec("COMMIT");
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function version(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return version;
}
