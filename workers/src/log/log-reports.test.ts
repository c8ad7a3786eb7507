import type { Relay, Report } from "@fanin/core";
import { RelayError } from "@fanin/core";
import { pino } from "pino";
import { expect, test } from "vitest";
import { logReports } from "./log-reports.ts";
import { Throttle } from "./throttle.ts";

test("logs a trouble that comes again and again once", () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: line => void lines.push(line) });
  const { relay, tell } = fakeRelay();
  const unwatch = logReports(relay, log);
  const error = new RelayError("unreachable", "no answer.", { retry: "later" });
  for (let times = 0; times < 50; times += 1) tell({ type: "retrying", what: "start slack", error, afterMs: 1 });
  tell({ type: "retrying", what: "start hub", error, afterMs: 1 });
  unwatch();
  tell({ type: "retrying", what: "start gitter", error, afterMs: 1 });
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { level: 40, code: "unreachable", msg: "could not start slack, trying again: no answer." },
    { level: 40, code: "unreachable", msg: "could not start hub, trying again: no answer." },
  ]);
});

test("a throttle lets one of a kind through each time span, and counts the rest", () => {
  let now = 0;
  const throttle = new Throttle(1000, () => now);
  expect([throttle.pass("a"), throttle.pass("a"), throttle.pass("b"), throttle.pass("a")]).toEqual([
    0,
    undefined,
    0,
    undefined,
  ]);
  now = 1000;
  expect([throttle.pass("a"), throttle.pass("b"), throttle.pass("a")]).toEqual([2, 0, undefined]);
});

function fakeRelay(): { readonly relay: Pick<Relay, "watch">; tell(report: Report): void } {
  const watchers = new Set<(report: Report) => void>();
  return {
    relay: {
      watch(watcher) {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
    },
    tell: report => {
      for (const watcher of watchers) watcher(report);
    },
  };
}
