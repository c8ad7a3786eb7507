import { availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { type Figure, isReached, type Target } from "./figure.ts";

/** The figures with what they were measured on, for a machine to read. */
export function summary(figures: readonly Figure[]): object {
  return {
    date: new Date().toISOString(),
    machine: machine(),
    figures: figures.map(figure => ({
      ...figure,
      ...(figure.bare === undefined ? {} : { ratio: figure.ours / figure.bare }),
      ...(figure.target ? { reached: isReached(figure) } : {}),
    })),
  };
}

/** The same for people. */
export function table(figures: readonly Figure[]): string {
  const head = ["what", "ours", "bare loop", "ratio", "target", "reached"];
  const rows = figures.map(figure => {
    const { what, unit, ours, bare, target } = figure;
    const reached = isReached(figure);
    return [
      what,
      `${short(ours)} ${unit}`,
      bare === undefined ? "" : short(bare),
      bare === undefined ? "" : (ours / bare).toFixed(2),
      target ? bound(target) : "",
      reached === undefined ? "" : reached ? "yes" : "NO",
    ];
  });
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map(row => row[column]?.length ?? 0), title.length),
  );
  const lines = [head, widths.map(width => "-".repeat(width)), ...rows].map(
    row => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const { cores, cpu, node, system, memoryGb } = machine();
  const when = new Date().toISOString().slice(0, 10);
  return [...lines, "", `${when}, ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, Node ${node}`].join("\n");
}

function machine() {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
  };
}

function bound(target: Target): string {
  return "atLeast" in target ? `≥ ${short(target.atLeast)}` : `≤ ${short(target.atMost)}`;
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}
