import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** `fanin run` as a maintainer starts it. */
export interface FaninProcess {
  readonly pid: number;
  /** From the start of the process until it said that its channels are active. */
  readonly readyMs: number;
  end(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../workers/fanin.js", import.meta.url));

/** Resolves when it is ready; rejects with what it printed where it is not. */
export async function startFanin(config: string, env: Readonly<Record<string, string>>): Promise<FaninProcess> {
  const start = performance.now();
  const child = spawn(process.execPath, [MAIN, "run", "-c", config], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  let printed = "";
  let readyMs: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    const [, active, all] = /(\d+) of (\d+) channels? active/.exec(line) ?? [];
    if (active === undefined || active !== all) continue;
    readyMs = performance.now() - start;
    break;
  }
  child.stdout.resume();
  if (readyMs === undefined) throw new Error(`fanin did not become ready:\n${printed}`);
  return {
    pid: child.pid ?? 0,
    readyMs,
    async end() {
      child.kill("SIGTERM");
      await exit;
    },
  };
}

/** Resident memory of a process in MB; NaN where the system does not tell (only Linux does). */
export async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) / 1000;
}

/** The most memory that the process held while `work` was done. */
export async function peakRssMb(pid: number, work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  let peak = 0;
  while (!isDone) {
    peak = Math.max(peak, await rssMb(pid));
    await Promise.race([sleep(100), done]);
  }
  return peak;
}
