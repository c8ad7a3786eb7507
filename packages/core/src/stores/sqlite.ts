import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../clock.ts";
import { RelayError } from "../errors.ts";
import type { Store } from "../store.ts";
import { type Back, createFront, failed } from "./front.ts";
import type { Reply, Request } from "./worker.ts";

export interface SqliteStoreOptions {
  /** The database's file; made where there is none, in a folder that exists. Beside it stand `-wal` and `-pid`. */
  readonly path: string;
  readonly clock?: Clock;
}

/**
 * The default store: one file, one process. The database lives in a thread of its own, so that a slow disk never holds
 * the event loop; every resolved call has been synced to the disk (`synchronous=FULL`) and survives loss of power.
 */
export function createSqliteStore({ path, clock = systemClock }: SqliteStoreOptions): Store {
  return createFront(createThread(path), clock);
}

function createThread(path: string): Back {
  let worker: Worker | undefined;
  let answer: PromiseWithResolvers<Reply> | undefined;

  function ask(thread: Worker, request: Request | undefined): Promise<Reply> {
    answer = Promise.withResolvers();
    if (request !== undefined) thread.postMessage(request);
    return answer.promise;
  }

  function end(reason: string): void {
    worker = undefined;
    answer?.reject(new RelayError("store-broken", `${path} is closed: ${reason}.`, { retry: "never" }));
  }

  return {
    async open() {
      if (worker) throw new RelayError("store-in-use", `${path} is open already.`, { retry: "never" });
      const thread = new Worker(
        new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url),
        {
          workerData: path,
        },
      );
      worker = thread;
      thread.on("message", (reply: Reply) => answer?.resolve(reply));
      thread.on("error", error => end(error instanceof Error ? error.message : String(error)));
      thread.on("exit", () => end("its thread has ended"));
      const [refusal] = await ask(thread, undefined);
      if (!refusal || "value" in refusal) return;
      await thread.terminate();
      throw failed(refusal);
    },
    async send(batch) {
      if (!worker) throw new RelayError("store-broken", `${path} is closed: its thread has ended.`, { retry: "never" });
      return ask(worker, batch);
    },
    async close() {
      if (!worker) return;
      const exit = once(worker, "exit");
      worker.postMessage("close" satisfies Request);
      await exit;
    },
  };
}
