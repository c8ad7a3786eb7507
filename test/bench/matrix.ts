import { z } from "zod";
import type { Child } from "./child.ts";
import { type Bench, type Figure, quantile, takeTurns } from "./figure.ts";
import { type Contender, startBareInTown, startFaninInTown } from "./matrix-contenders.ts";

const ROUNDS = 3;
/** 20 messages a second for 8 s a turn. */
const IDLE_EVENTS = 160;

interface Load {
  readonly what: string;
  readonly pairs: number;
  readonly latencyMs: number;
  readonly events: number;
  readonly atLeast: number;
}

const loads: readonly Load[] = [
  { what: "Matrix, 100 pairs, instant", pairs: 100, latencyMs: 0, events: 10_000, atLeast: 2500 },
  { what: "Matrix, 100 pairs, 20 ms a send", pairs: 100, latencyMs: 20, events: 10_000, atLeast: 2200 },
  { what: "Matrix, 1 pair, instant", pairs: 1, latencyMs: 0, events: 3000, atLeast: 1500 },
];

/** Matrix → Matrix by the real adapter, over HTTP, against the stand-in: messages per second. */
export const matrix: Bench = {
  name: "matrix",
  async run(): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const { what, pairs, latencyMs, events, atLeast } of loads) {
      const rates = await against(pairs, town => town.ask(z.number(), "load", { events, latencyMs }));
      const [ours = Number.NaN, bare = Number.NaN] = rates.map(rate => quantile(rate, 0.5));
      figures.push({ what, unit: "events/s", ours, bare, target: { atLeast } });
    }
    return figures;
  },
};

/** How long a message takes while little is said, beyond what the bare loop takes. */
export const latency: Bench = {
  name: "latency",
  async run(): Promise<Figure[]> {
    const took = await against(1, town => town.ask(z.array(z.number()), "idle", IDLE_EVENTS));
    return (
      [
        [0.5, 2.5],
        [0.99, 8],
      ] as const
    ).map(([share, atMost]): Figure => {
      const [ours = Number.NaN, bare = Number.NaN] = took.map(rounds => quantile(rounds.flat(), share));
      return {
        what: `latency added at idle, p${share * 100}`,
        unit: "ms",
        ours: ours - bare,
        bare,
        target: { atMost },
      };
    });
  },
};

/** fanin and the bare loop, each with a homeserver of its own, taking turns. */
async function against<Result>(pairs: number, turn: (town: Child) => Promise<Result>): Promise<Result[][]> {
  const contenders: Contender[] = [];
  try {
    contenders.push(await startFaninInTown(pairs));
    contenders.push(await startBareInTown(pairs));
    return await takeTurns(
      ROUNDS,
      contenders.map(
        ({ town }) =>
          () =>
            turn(town),
      ),
    );
  } finally {
    for (const contender of contenders) await contender.end();
  }
}
