import { createHash } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { waitUntil } from "./wait-until.ts";

/**
 * The directory of that name and these pins in `${XDG_CACHE_HOME:-~/.cache}/fanin`, made by `fill` if it is not there.
 * It appears by a rename when it is whole, so what an interrupted `fill` leaves behind is never used. Of several
 * processes that ask at once, one fills and the others wait.
 */
export async function cached(
  name: string,
  pins: readonly string[],
  fill: (directory: string) => Promise<void>,
): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "fanin");
  const entry = join(cache, `${name}-${createHash("sha256").update(pins.join("\n")).digest("hex").slice(0, 12)}`);
  if (await exists(entry)) return entry;
  await mkdir(cache, { recursive: true });
  return whileLocked(`${entry}.lock`, async () => {
    if (await exists(entry)) return entry;
    const partial = `${entry}.partial`;
    await rm(partial, { recursive: true, force: true });
    await fill(partial);
    await rename(partial, entry);
    return entry;
  });
}

/** The lock is a database's, because the system frees that when its owner dies, in whatever way. */
async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(path);
  try {
    await waitUntil(`another process holds ${path}`, () => take(lock), 300_000);
    return await work();
  } finally {
    lock.close();
  }
}

const SQLITE_BUSY = 5;

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
