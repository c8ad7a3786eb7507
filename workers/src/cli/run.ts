import { setTimeout as sleep } from "node:timers/promises";
import { RelayError, type RelayStatus } from "@fanin/core";
import type { Logger } from "pino";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { createFanin, type Fanin, linksOf } from "../fanin.ts";
import { notYet, readinessOf } from "../http/readiness.ts";
import type { HttpServer } from "../http/server.ts";
import { logReports } from "../log/log-reports.ts";
import { createLogger, type LogLevel } from "../log/logger.ts";
import { version } from "../version.ts";
import { failWith, failWithError, failWithProblems } from "./fail.ts";
import { stopSignal } from "./stop-signal.ts";

export interface RunOptions {
  readonly config: string;
  readonly logLevel: LogLevel;
}

/** Before the relay gives up on the calls under way, and closes the store that knows what waits. */
const PATIENCE_MS = 7_000;
/** Of the 10 s that a signal leaves. */
const STOP_MS = 9_000;

/** Relays until SIGTERM or SIGINT; resolves to the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const loaded = await loadConfig(options.config);
  if ("problems" in loaded) return failWithProblems(loaded.problems);
  const log = await createLogger(options.logLevel, process.stdout.isTTY === true);
  try {
    const fanin = await createFanin(loaded.config);
    return await new Running(loaded.config, fanin, log).run();
  } catch (error) {
    return failWithError(error);
  }
}

class Running {
  readonly #config: Config;
  readonly #fanin: Fanin;
  readonly #log: Logger;
  #phase: "starting" | "running" | "stopping" = "starting";

  constructor(config: Config, fanin: Fanin, log: Logger) {
    this.#config = config;
    this.#fanin = fanin;
    this.#log = log;
  }

  async run(): Promise<number> {
    const { relay, rooms } = this.#fanin;
    const stopped = stopSignal();
    const unwatch = logReports(relay, this.#log);
    this.#log.info(greeting(this.#config, this.#fanin));
    const http = await this.#serveHealth();
    try {
      const started = relay.start(rooms).then(() => undefined);
      const signal = await Promise.race([started, stopped]);
      if (!signal) {
        const status = await relay.status();
        if (status.links.every(({ state }) => state === "refused")) return await this.#giveUp();
        this.#phase = "running";
        this.#log.info(summary(status));
      }
      started.catch(() => undefined);
      this.#log.info(`${signal ?? (await stopped)}: taking in nothing more, finishing what is in hand`);
      await this.#stop();
      return 0;
    } finally {
      unwatch();
      await http?.close();
    }
  }

  async #serveHealth(): Promise<HttpServer | undefined> {
    if (!this.#config.http) return undefined;
    const { serveHealth } = await import("../http/server.ts");
    return serveHealth(this.#config.http.listen, async () => {
      if (this.#phase === "stopping") return notYet("fanin", "stopping");
      try {
        return readinessOf(await this.#fanin.relay.status());
      } catch {
        return notYet("store", "closed");
      }
    });
  }

  async #giveUp(): Promise<number> {
    await this.#stop();
    return failWith(["no link can run: mend what is said above, and see `fanin check --online`."]);
  }

  /** Whatever is cut off after the last moment is in the store, and recalled at the next start. */
  async #stop(): Promise<void> {
    this.#phase = "stopping";
    const { relay } = this.#fanin;
    const done = relay.stop().then(
      () => true,
      error => {
        if (!(error instanceof RelayError)) throw error;
        this.#log.error(`could not stop cleanly: ${error.message}`);
        return true;
      },
    );
    if (!(await Promise.race([done, sleep(PATIENCE_MS, false, { ref: false })]))) {
      const lanes = await Promise.race([relay.status().then(waiting, () => ""), sleep(300, "")]);
      this.#log.warn(`not all is done after ${PATIENCE_MS / 1000} s; nothing is lost${lanes}`);
      await Promise.race([done, sleep(STOP_MS - PATIENCE_MS, undefined, { ref: false })]);
    }
    this.#log.info("stopped");
  }
}

function greeting({ store }: Config, { rooms }: Fanin): string {
  const links = rooms.flatMap(linksOf).length - rooms.length;
  return `fanin ${version()} · store ${store} · ${count(rooms.length, "room")}, ${count(links, "link")}`;
}

function summary({ links }: RelayStatus): string {
  const others = links.filter(({ state }) => state !== "active").map(({ name, state }) => `${name} ${state}`);
  const active = links.length - others.length;
  return `${active} of ${count(links.length, "channel")} active${others.length > 0 ? `; ${others.join(", ")}` : ""}`;
}

function waiting({ lanes }: RelayStatus): string {
  const held = lanes.filter(lane => lane.waiting > 0).map(lane => `${lane.waiting} for ${lane.lane}`);
  return held.length > 0 ? `, kept for the next start: ${held.join(", ")}` : "";
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
