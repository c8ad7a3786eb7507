import { type Program as Run, startProgram } from "../run/program.ts";

/** `fanin run` as a process of its own, started again as often as it is killed. */
export class Program {
  readonly #config: string;
  readonly #runs: Run[] = [];

  constructor(config: string) {
    this.#config = config;
  }

  /** What it printed since its last start. */
  get log(): string {
    return this.#runs.at(-1)?.output() ?? "";
  }

  /** How many unanswered sends were settled, over all starts. */
  get recalled(): number {
    return this.#runs.reduce((sum, run) => sum + run.output().split("an unanswered message to").length - 1, 0);
  }

  start(): void {
    this.#runs.push(startProgram(["run", "-c", this.#config]));
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Resolves to the exit code. */
  async stop(): Promise<number | undefined> {
    return this.#end("SIGTERM");
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<number | undefined> {
    const run = this.#runs.at(-1);
    run?.signal(signal);
    return run?.ended;
  }
}
