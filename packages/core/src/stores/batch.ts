import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import type { Calls } from "./calls.ts";

export type WireCall = readonly [name: keyof Calls, now: number, args: readonly unknown[]];

/** A `RelayError` as it crosses threads. */
export type Failure = Pick<RelayError, "code" | "message" | "retry">;
export type Outcome = { readonly value: unknown } | Failure;

type AnyCall = (now: number, ...args: readonly unknown[]) => unknown;

/**
 * Runs the calls in order in one transaction, so that one sync to the disk covers all of them. A call that fails leaves
 * nothing behind and the others unharmed, except on a full disk: there all that come after it fail too.
 */
export function runBatch(db: DatabaseSync, calls: Calls, batch: readonly WireCall[], path: string): Outcome[] {
  try {
    return runTogether(db, calls, batch);
  } catch {
    // SQLite may have undone everything by itself (a full disk does): each call alone shows which ones fail.
    let full: Failure | undefined;
    return batch.flatMap(call => {
      // What was called later may build on what found no room: an edit on its message.
      if (full) return full;
      try {
        return runTogether(db, calls, [call]);
      } catch (error) {
        const failed = failure(error, path);
        if (failed.code === "store-full") full = failed;
        return failed;
      }
    });
  }
}

function runTogether(db: DatabaseSync, calls: Calls, batch: readonly WireCall[]): Outcome[] {
  try {
    db.exec("BEGIN IMMEDIATE");
    const outcomes = batch.map(call => run(calls, call));
    db.exec("COMMIT");
    return outcomes;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function run(calls: Calls, [name, now, args]: WireCall): Outcome {
  const call = calls[name] as AnyCall; // the sender's types have checked the arguments
  try {
    return { value: call(now, ...args) };
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    return failure(error, "");
  }
}

/** What a failure of SQLite means to whoever keeps the store at `path`. */
export function failure(error: unknown, path: string): Failure {
  if (error instanceof RelayError) return { code: error.code, message: error.message, retry: error.retry };
  const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
  // A quota or a limit on the file's size shows as a failed write.
  if ((errcode & 0xff) === 13 || errcode === IOERR_WRITE || errcode === IOERR_SHMSIZE) {
    const message = `${path} can't grow: the disk is full or a quota is reached. Make room; nothing was lost.`;
    return { code: "store-full", message, retry: "later" };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: "store-broken",
    message: `${path} ${cures.get(errcode & 0xff) ?? `failed: ${reason}.`}`,
    retry: "never",
  };
}

const IOERR_WRITE = 778;
const IOERR_SHMSIZE = 4874;

/** By SQLite's result code (https://www.sqlite.org/rescode.html). */
const cures: ReadonlyMap<number, string> = new Map([
  [3, "may not be used by this user: give it read and write permission on the file and its folder."],
  [8, "can't be written to: give this user write permission on the file and its folder."],
  [10, "can't be read or written: the disk may be failing. Check the system's log."],
  [11, "is damaged: put back a backup, or move the file away to start without its memory."],
  [14, "can't be opened: the folder must exist, and this user must be allowed to write to it."],
  [26, "is not a database: name another file as the store."],
]);
