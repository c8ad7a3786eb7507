import { type Clock, systemClock } from "./clock.ts";
import type { ChannelKey } from "./model/ids.ts";
import type { Scheduler } from "./scheduler.ts";

const RETRY_MS = 1000;

/**
 * The scheduler of one process. Lanes woken before `start` are drained at it. A drain that rejects is repeated after a
 * second: reporting why is the drain's own duty.
 */
export function createLaneScheduler(clock: Clock = systemClock): Scheduler {
  const running = new Map<ChannelKey, Promise<void>>();
  const woken = new Set<ChannelKey>();
  const timers = new Map<ChannelKey, () => void>();
  let drain: ((lane: ChannelKey) => Promise<number | undefined>) | undefined;
  let stopped = false;

  function wake(lane: ChannelKey): void {
    if (stopped) return;
    woken.add(lane);
    if (!drain || running.has(lane)) return;
    timers.get(lane)?.();
    timers.delete(lane);
    running.set(lane, run(lane, drain));
  }

  async function run(lane: ChannelKey, drain: (lane: ChannelKey) => Promise<number | undefined>): Promise<void> {
    let dueAt: number | undefined;
    while (woken.delete(lane) && !stopped) {
      try {
        dueAt = await drain(lane);
      } catch {
        dueAt = clock.now() + RETRY_MS;
      }
    }
    running.delete(lane);
    if (dueAt === undefined || stopped) return;
    timers.set(
      lane,
      clock.after(Math.max(0, dueAt - clock.now()), () => wake(lane)),
    );
  }

  return {
    start(given) {
      drain = given;
      for (const lane of woken) wake(lane);
    },
    wake,
    async stop() {
      stopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
      await Promise.all(running.values());
    },
  };
}
