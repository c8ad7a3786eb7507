import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../workers/src/main.ts", import.meta.url));

/** `fanin run` as a process of its own, started again as often as it is killed. */
export class Program {
  readonly #config: string;
  #child: ChildProcess | undefined;
  #log = "";
  #recalled = 0;

  constructor(config: string) {
    this.#config = config;
  }

  /** What it printed since its last start. */
  get log(): string {
    return this.#log;
  }

  /** How many unanswered sends were settled, over all starts. */
  get recalled(): number {
    return this.#recalled;
  }

  start(): void {
    this.#log = "";
    const child = spawn(process.execPath, [main, "run", "-c", this.#config], { stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer): void => {
      this.#recalled += chunk.toString().split("an unanswered message to").length - 1;
      this.#log = (this.#log + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    this.#child = child;
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Resolves to the exit code. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}
