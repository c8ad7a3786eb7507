import { DatabaseSync } from "node:sqlite";
import { isMainThread } from "node:worker_threads";

// Preloaded into the engine's process: makes each commit of the store's thread take 50 ms, as a slow disk would.

const COMMIT_MS = 50;

if (!isMainThread) {
  const exec = DatabaseSync.prototype.exec;
  const never = new Int32Array(new SharedArrayBuffer(4));
  DatabaseSync.prototype.exec = function (sql: string): void {
    if (sql === "COMMIT") Atomics.wait(never, 0, 0, COMMIT_MS);
    exec.call(this, sql);
  };
}
