import { type Clock, RelayError, type Store } from "@fanin/core";
import type { ManualClock } from "@fanin/core/contract";
import type { Random } from "./random.ts";

export const never = <Result>(): Promise<Result> => new Promise(() => undefined);

/** One life of the relay: from its start to its crash. What is dead hears and does nothing any more. */
export class Life {
  isDead = false;
  /** At how many more calls to its store it dies. */
  #callsLeft: number | undefined;
  /** Rejects writes of the store, while it lasts. */
  storeError: (() => RelayError) | undefined;
  readonly clock: Clock;
  readonly store: Store;
  readonly #random: Random;

  constructor(store: Store, clock: ManualClock, random: Random) {
    this.#random = random;
    this.store = this.#mortal(store);
    this.clock = {
      ...clock,
      after: (ms, callback) =>
        clock.after(ms, () => {
          if (!this.isDead) callback();
        }),
    };
  }

  /** Dies in the middle of what it does: at a call to the store, done or not. */
  dieSoon(calls: number): void {
    this.#callsLeft = calls;
  }

  /** Nothing happens to it any more. */
  spare(): void {
    this.#callsLeft = undefined;
    this.storeError = undefined;
  }

  #mortal(store: Store): Store {
    const methods = Object.entries(store).map(([name, method]: [string, (...args: unknown[]) => Promise<unknown>]) => {
      const call = async (...args: unknown[]): Promise<unknown> => {
        if (this.isDead) return never();
        const dies = this.#isLast();
        if (dies && this.#random.chance(0.5)) this.isDead = true;
        if (this.isDead) return never();
        if (this.storeError && writes.has(name)) throw this.storeError();
        const answer = method(...args);
        if (dies) this.isDead = true;
        const value = await answer;
        return this.isDead ? never() : value;
      };
      return [name, call];
    });
    return Object.fromEntries(methods);
  }

  #isLast(): boolean {
    if (this.#callsLeft === undefined) return false;
    this.#callsLeft -= 1;
    return this.#callsLeft < 0;
  }
}

const writes = new Set(
  "accept bury closeGap commit countHealed defer addOwn hold openGap park removeLink setCursor setLink unpark".split(
    " ",
  ),
);

export const storeErrors: readonly (() => RelayError)[] = [
  () => new RelayError("store-full", "the disk is full", { retry: "later" }),
  () => new RelayError("store-broken", "the disk fails", { retry: "never" }),
];
