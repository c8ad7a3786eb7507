import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { waitUntil } from "./wait-until.ts";

/** How to start a server, and how to see that it serves. */
export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  ready(): Promise<boolean>;
}

/** A server that was started and is ended by its process id. */
export interface ServerProcess {
  readonly pid: number;
  /** The end of what it printed. */
  log(): string;
  /** Asks it to end (SIGTERM), insists (SIGKILL) after 10 s, resolves when it is gone. May be called again. */
  stop(): Promise<void>;
  /** Ends it without a chance to tidy up (SIGKILL), resolves when it is gone. */
  kill(): Promise<void>;
}

const LOG_TAIL_CHARACTERS = 4_000;

/** Starts the server and resolves when it serves; rejects with the end of its log when it does not within 60 s. */
export async function startServer({ name, command, args, env, ready }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-LOG_TAIL_CHARACTERS);
    });
  }
  await once(child, "spawn");
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} was started without a process id`);
  endWithThisProcess(child, pid);

  try {
    await waitUntil(
      `${name} serves`,
      async () => {
        if (hasEnded(child)) throw new Error(`${name} ended (${child.signalCode ?? child.exitCode}) before it served`);
        return ready();
      },
      60_000,
    );
  } catch (cause) {
    await end(child, "SIGKILL");
    throw new Error(`${cause instanceof Error ? cause.message : cause}. The end of its log:\n${log}`, { cause });
  }
  return { pid, log: () => log, stop: () => end(child, "SIGTERM"), kill: () => end(child, "SIGKILL") };
}

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(insist);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A shell reads from a pipe that nobody writes to; when this process ends in whatever way, the pipe closes and the shell ends the server. */
function endWithThisProcess(child: ChildProcess, pid: number): void {
  const watcher = spawn("sh", ["-c", `trap '' INT TERM HUP; read -r _; kill -KILL ${pid}`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.once("exit", () => watcher.kill("SIGKILL"));
}
