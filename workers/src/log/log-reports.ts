import type { Finding, Relay, Report } from "@fanin/core";
import type { Logger } from "pino";
import { lineOf } from "./line-of.ts";
import { Throttle } from "./throttle.ts";

const REPEAT_MS = 60_000;

/** Logs what a relay tells; returns how to stop that. What comes again and again is logged once a minute. */
export function logReports(relay: Pick<Relay, "watch">, log: Logger): () => void {
  const throttle = new Throttle(REPEAT_MS);
  const told = new WeakSet<Finding>();
  return relay.watch((report: Report) => {
    const line = lineOf(report, told);
    if (report.type === "network" && report.network.error?.finding) told.add(report.network.error.finding);
    if (!line || !log.isLevelEnabled(line.level)) return;
    const held = line.kind === undefined ? 0 : throttle.pass(line.kind);
    if (held === undefined) return;
    log[line.level](line.about, held > 0 ? `${line.says} (and ${held} times more since)` : line.says);
  });
}
