import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** A program of the bench in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Has the child run one of the handlers that it serves. Rejects with its error, or where it ends first. */
  ask<Answer>(answer: z.ZodType<Answer>, name: string, argument?: unknown): Promise<Answer>;
  /** Ends it and waits until it is gone. */
  end(): Promise<void>;
}

const Reply = z.union([z.object({ value: z.unknown() }), z.object({ error: z.string() })]);
const Request = z.object({ name: z.string(), argument: z.unknown() });

/** Starts `file` (beside this one); resolves when it serves. */
export async function startChild(
  file: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<Child> {
  const process = fork(new URL(file, import.meta.url), [...args], {
    execArgv: [...execArgv],
    serialization: "advanced",
  });
  await replyOf(process); // it serves
  return {
    pid: process.pid ?? 0,
    async ask(answer, name, argument) {
      const reply = replyOf(process);
      process.send({ name, argument });
      return answer.parse(await reply);
    },
    async end() {
      if (process.exitCode !== null || process.signalCode !== null) return;
      const exit = once(process, "exit");
      process.disconnect();
      await exit;
    },
  };
}

async function replyOf(child: ChildProcess): Promise<unknown> {
  const abort = new AbortController();
  const { signal } = abort;
  try {
    const [message] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(() => [{ error: "a process of the bench ended too early" }]),
    ]);
    const reply = Reply.parse(message);
    if ("error" in reply) throw new Error(reply.error);
    return reply.value;
  } finally {
    abort.abort();
  }
}

/** In the child: answers `ask` by these handlers until the parent ends it. */
export function serve(
  handlers: Readonly<Record<string, (argument: unknown) => unknown>>,
  close: () => Promise<void>,
): void {
  process.on("message", message => {
    const { name, argument } = Request.parse(message);
    Promise.resolve(argument)
      .then(handlers[name] ?? (() => Promise.reject(new Error(`${name} is not served`))))
      .then(
        value => process.send?.({ value }),
        (error: unknown) =>
          process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.once("disconnect", () => {
    void close().then(() => process.exit());
  });
  process.send?.({ value: "serving" });
}
