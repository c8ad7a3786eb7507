/** What a stand-in can be told to do to the calls it gets. */
export interface Fault {
  /** Which calls: matched against `METHOD /path`. Every one unless given. */
  readonly calls?: RegExp;
  /** How many calls it hits; then it is spent. Until `clear()` unless given. */
  readonly times?: number;
  /** What happens: an HTTP status, a cut connection, or an answer that never comes. */
  readonly answer: number | "reset" | "hang";
  /** `before`: the call has no effect. `after`: it took effect and the caller is not told. */
  readonly when: "before" | "after";
  /** With status 429. */
  readonly retryAfterMs?: number;
}

/**
 * The switchboard of a stand-in's faults. All of it takes effect at once and lasts until changed.
 * Every stand-in has one as `faults`; each adds what only its network has (repeats, gateway opcodes, truncated syncs).
 */
export class Faults {
  /** Added to every answer. */
  latencyMs = 0;
  /** True: connections are refused or cut, as if the service were away. */
  down = false;
  readonly #planned: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#planned.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#planned.length = 0;
    this.latencyMs = 0;
    this.down = false;
  }

  /** The fault that hits this call, counted off; called once per call by the stand-in. */
  take(call: string): Fault | undefined {
    if (this.down) return { answer: "reset", when: "before" };
    const planned = this.#planned.find(({ fault, left }) => left > 0 && (fault.calls?.test(call) ?? true));
    if (planned) planned.left -= 1;
    return planned?.fault;
  }
}
