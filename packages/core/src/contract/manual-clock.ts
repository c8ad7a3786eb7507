import type { Clock } from "../clock.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves time and calls back what has become due, in the order of its time; resolves when all of that has settled. */
  advance(ms: number): Promise<void>;
  /** How long until the next call back is due; undefined where nobody waits. */
  untilNext(): number | undefined;
  /** Moves the wall clock alone, as an administrator does. */
  jump(ms: number): void;
}

/** Lets everything that needs no time happen. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let elapsed = 0;
  let jumped = 0;

  function after(ms: number, callback: () => void): () => void {
    const timer = { at: elapsed + Math.max(0, ms), callback };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  function first(): { readonly at: number; readonly callback: () => void } | undefined {
    return [...timers].reduce<ReturnType<typeof first>>(
      (one, other) => (one && one.at <= other.at ? one : other),
      undefined,
    );
  }

  return {
    now: () => start + elapsed + jumped,
    elapsed: () => elapsed,
    after,
    sleep(ms, signal) {
      return new Promise(resolve => {
        const cancel = after(ms, resolve);
        if (signal?.aborted) cancel();
        if (signal?.aborted) resolve();
        signal?.addEventListener("abort", () => {
          cancel();
          resolve();
        });
      });
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settled();
      for (let timer = first(); timer && timer.at <= until; timer = first()) {
        elapsed = Math.max(elapsed, timer.at);
        timers.delete(timer);
        timer.callback();
        await settled();
      }
      elapsed = until;
    },
    untilNext() {
      const timer = first();
      return timer && timer.at - elapsed;
    },
    jump(ms) {
      jumped += ms;
    },
  };
}
