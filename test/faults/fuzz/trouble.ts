import { RelayError } from "@fanin/core";
import type { ManualClock } from "@fanin/core/contract";
import { type Life, never } from "./life.ts";
import type { Random } from "./random.ts";

/** What a call of an adapter may do, and what it then says. */
type Fate = (effect: () => Promise<unknown>) => Promise<unknown>;

/** How long a call that nobody answered may still take effect; what networks declare as theirs. */
export const SETTLE_MS = 1000;

const unknown = (): RelayError =>
  new RelayError("unreachable", "no answer", { retry: "later", delivered: "unknown", retryAfterMs: 50 });

/** Makes the calls of adapters slow, fail, hang, or take effect without saying so, as networks do. */
export class Trouble {
  /** How likely a call goes wrong. */
  level = 0;
  readonly #clock: ManualClock;
  readonly #random: Random;
  readonly #hanging = new Set<() => void>();

  constructor(clock: ManualClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** `mayTwin`: it may take effect even later than the network promises. */
  async call<Result>(life: Life, effect: () => Promise<Result>, mayTwin = false): Promise<Result> {
    if (life.isDead) return never();
    await this.#clock.sleep(this.#random.int(40));
    // What was on its way when the relay died may arrive or not.
    if (life.isDead && this.#random.chance(0.5)) return never();
    const fate = !life.isDead && this.#random.chance(this.level) ? this.#random.pick(this.#fates(mayTwin)) : undefined;
    const answer = fate ? fate(effect) : effect();
    const value = await answer.finally(() => this.#clock.sleep(this.#random.int(20)));
    return life.isDead ? never() : (value as Result); // a fate answers with what the effect did
  }

  /** Answers what hangs: nobody knows whether it was done. */
  release(): void {
    for (const go of this.#hanging) go();
    this.#hanging.clear();
  }

  #fates(mayTwin: boolean): Fate[] {
    const late = (effect: () => Promise<unknown>, withinMs: number): void => {
      this.#clock.after(this.#random.int(withinMs), () => void effect().catch(() => undefined));
    };
    return [
      async () => {
        throw new RelayError("unreachable", "no way", { retry: "later", retryAfterMs: this.#random.int(500) });
      },
      async () => {
        throw new RelayError("rate-limited", "slow down", { retry: "later", retryAfterMs: this.#random.int(2000) });
      },
      async () => {
        throw new TypeError("undefined is not a function");
      },
      async effect => {
        await effect();
        throw new TypeError("undefined is not a function");
      },
      async effect => {
        await effect();
        throw unknown();
      },
      async () => {
        throw unknown();
      },
      async effect => {
        late(effect, mayTwin && this.#random.chance(0.3) ? 5 * SETTLE_MS : SETTLE_MS);
        throw unknown();
      },
      async effect => {
        if (this.#random.chance(0.5)) await effect();
        await new Promise<void>(resolve => this.#hanging.add(resolve));
        throw unknown();
      },
    ];
  }
}
