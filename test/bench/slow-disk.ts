import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startChild } from "./child.ts";
import { type Bench, type Figure, takeTurns } from "./figure.ts";

const ROUNDS = 3;
const SECONDS = 4;
const Delay = z.object({ p99: z.number(), max: z.number() });

/** Whether a slow disk holds up the event loop, and with it every network. */
export const slowDisk: Bench = {
  name: "slow-disk",
  async run(): Promise<Figure[]> {
    const preload = `--import=${fileURLToPath(new URL("./slow-commits.ts", import.meta.url))}`;
    const children = [
      await startChild("./engine-child.ts", ["sqlite"], [preload]),
      await startChild("./engine-child.ts", ["bare"], [preload]),
    ];
    try {
      const [ours = [], bare = []] = await takeTurns(
        ROUNDS,
        children.map(child => () => child.ask(Delay, "steady", SECONDS)),
      );
      const worst = (rounds: readonly z.infer<typeof Delay>[], which: "p99" | "max") =>
        Math.max(...rounds.map(round => round[which]));
      return (["p99", "max"] as const).map(which => ({
        what: `event-loop delay, commits of 50 ms, ${which}`,
        unit: "ms",
        ours: worst(ours, which),
        bare: worst(bare, which),
        // Anything longer, and a commit would have held the loop.
        target: { atMost: 50 },
      }));
    } finally {
      await Promise.all(children.map(child => child.end()));
    }
  },
};
