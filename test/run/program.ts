import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../real/wait-until.ts";

/** The `fanin` program as a child process. */
export interface Program {
  readonly pid: number;
  /** All it has printed. */
  output(): string;
  /** What its log lines say, in order. */
  said(): string[];
  /** Resolves once a log line says this; rejects after 30 s with all that was printed. */
  hear(line: RegExp): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** The exit code, once it has ended; 128 + 9 where it was killed. */
  readonly ended: Promise<number>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** No file may grow larger, as if the disk were full. */
  readonly fileLimitKb?: number;
}

const MAIN = fileURLToPath(new URL("../../workers/fanin.js", import.meta.url));
const BLOCKS_PER_KB = 2;
const running = new Set<Program>();

/** Starts `fanin …`. */
export function startProgram(args: readonly string[], { env = {}, fileLimitKb }: ProgramOptions = {}): Program {
  const limit = fileLimitKb === undefined ? "" : `ulimit -f ${fileLimitKb * BLOCKS_PER_KB};`;
  const child = spawn("sh", ["-c", `${limit} exec "$@"`, "fanin", process.execPath, MAIN, ...args], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : 137));
  const program: Program = {
    pid: child.pid ?? 0,
    output: () => printed,
    said: () => saidIn(printed),
    async hear(line) {
      await waitUntil(
        () => `fanin says ${line}. It printed:\n${printed}`,
        () => {
          if (saidIn(printed).some(said => line.test(said))) return true;
          if (child.exitCode !== null)
            throw new Error(`fanin ended (${child.exitCode}) without saying ${line}:\n${printed}`);
          return false;
        },
        30_000,
      );
    },
    signal: signal => void child.kill(signal),
    ended,
  };
  running.add(program);
  void ended.then(() => running.delete(program));
  return program;
}

/** Runs `fanin …` to its end. */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const program = startProgram(args, options);
  return { code: await program.ended, output: program.output() };
}

/** For `afterEach`: no program outlives its test. */
export async function endPrograms(): Promise<void> {
  await Promise.all(
    [...running].map(program => {
      program.signal("SIGKILL");
      return program.ended;
    }),
  );
}

function saidIn(printed: string): string[] {
  return printed.split("\n").flatMap(line => {
    if (!line.startsWith("{")) return line === "" ? [] : [line];
    const { msg }: { msg?: string } = JSON.parse(line);
    return msg === undefined ? [] : [msg];
  });
}
