import { parentPort, workerData } from "node:worker_threads";
import { failure, type Outcome, runBatch, type WireCall } from "./batch.ts";
import { createCalls } from "./calls.ts";
import { closeLocked, openLocked } from "./lock.ts";

/** To the thread: calls, or the wish to close. */
export type Request = readonly WireCall[] | "close";
/** From it: at opening nothing or a failure, then one reply a batch. */
export type Reply = readonly Outcome[];

const path: string = workerData;

try {
  const db = await openLocked(path);
  const calls = createCalls(db);
  parentPort?.on("message", (request: Request) => {
    if (request !== "close") return reply(runBatch(db, calls, request, path));
    closeLocked(db, path);
    parentPort?.close();
  });
  reply([]);
} catch (error) {
  reply([failure(error, path)]);
}

function reply(outcomes: Reply): void {
  parentPort?.postMessage(outcomes);
}
