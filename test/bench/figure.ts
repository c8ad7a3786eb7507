/** What one bench found out. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** The same job by a loop that relays without a store. */
  readonly bare?: number;
  readonly target?: Target;
}

export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** A bench by name; resolves to its figures, the children it started ended. */
export interface Bench {
  readonly name: string;
  run(): Promise<Figure[]>;
}

/** Undefined where there is no target. */
export function isReached({ ours, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return "atLeast" in target ? ours >= target.atLeast : ours <= target.atMost;
}

/** Nearest rank: `quantile(values, 0.5)` is the median. NaN where there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}

/**
 * Has the contenders take turns (A B A B …), so that whatever else the machine does hits both, and resolves to the
 * results of each. One turn before the first warms up and is not counted.
 */
export async function takeTurns<Result>(
  rounds: number,
  contenders: readonly (() => Promise<Result>)[],
): Promise<Result[][]> {
  const results: Result[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, run] of contenders.entries()) {
      const result = await run();
      if (round >= 0) results[index]?.push(result);
    }
  }
  return results;
}
