/** Lets one of a kind through every so often and counts the rest. */
export class Throttle {
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string, { until: number; held: number }>();

  constructor(everyMs: number, now: () => number = () => performance.now()) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** How many of the kind were held back since the last that passed; undefined: hold this one back too. */
  pass(kind: string): number | undefined {
    const now = this.#now();
    const last = this.#kinds.get(kind);
    if (last && now < last.until) {
      last.held += 1;
      return undefined;
    }
    this.#kinds.set(kind, { until: now + this.#everyMs, held: 0 });
    return last?.held ?? 0;
  }
}
