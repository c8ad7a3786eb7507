import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { RelayError } from "../errors.ts";
import { closeDatabase, openDatabase } from "./database.ts";

const BUSY = 5;
const PATIENCE_MS = 1000;

/**
 * Opens the database for this process alone. The lock is the database's own, which the kernel ends with the process
 * however it dies; the file beside it only tells others whom to ask.
 */
export async function openLocked(path: string): Promise<DatabaseSync> {
  const start = performance.now();
  for (;;) {
    try {
      const db = openDatabase(path);
      writeFileSync(pidPath(path), String(process.pid));
      return db;
    } catch (error) {
      if (!(error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === BUSY)) throw error;
      if (performance.now() - start > PATIENCE_MS) throw inUse(path);
      // Two that start together may refuse each other: unequal waits let one through.
      await delay(10 + Math.random() * 50);
    }
  }
}

export function closeLocked(db: DatabaseSync, path: string): void {
  rmSync(pidPath(path), { force: true });
  closeDatabase(db);
}

function inUse(path: string): RelayError {
  const pid = readPid(path);
  const holder = pid === process.pid ? "this process itself" : pid ? `process ${pid}` : "another process";
  const message = `${path} is in use by ${holder}: stop it first, or name another file as the store.`;
  return new RelayError("store-in-use", message, { retry: "later" });
}

function readPid(path: string): number | undefined {
  try {
    return Number(readFileSync(pidPath(path), "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function pidPath(path: string): string {
  return `${path}-pid`;
}
