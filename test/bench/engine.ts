import { z } from "zod";
import { startChild } from "./child.ts";
import { type Bench, type Figure, quantile, takeTurns } from "./figure.ts";

const EVENTS = 10_000;
const ROUNDS = 3;

/** How many events the engine takes through, each with two deliveries, on networks that cost nothing. */
export const engine: Bench = {
  name: "engine",
  async run(): Promise<Figure[]> {
    const names = ["sqlite", "memory", "bare"] as const;
    const children = await Promise.all(names.map(name => startChild("./engine-child.ts", [name])));
    try {
      const rates = await takeTurns(
        ROUNDS,
        children.map(child => () => child.ask(z.number(), "load", EVENTS)),
      );
      const [sqlite = Number.NaN, memory = Number.NaN, bare = Number.NaN] = rates.map(rate => quantile(rate, 0.5));
      const unit = "events/s";
      return [
        { what: "engine, SQLite on disk", unit, ours: sqlite, bare, target: { atLeast: 5000 } },
        { what: "engine, store in memory", unit, ours: memory, bare },
      ];
    } finally {
      await Promise.all(children.map(child => child.end()));
    }
  },
};
