import { expect, test } from "vitest";
import { type Clock, systemClock } from "./clock.ts";
import { createLaneScheduler } from "./lane-scheduler.ts";
import { type ChannelKey, channelKey, channelRef } from "./model/ids.ts";

const lane = channelKey(channelRef("hub", "!a"));
const other = channelKey(channelRef("hub", "!b"));

/** A clock that stands at 0 until a test moves it. */
function createStillClock(): Clock & { move(ms: number): void } {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    ...systemClock,
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter(each => each !== timer);
      };
    },
    move(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}

/** Drains that a test ends by hand, in the order they were started. */
function createDrains() {
  const started: { readonly lane: ChannelKey; readonly end: PromiseWithResolvers<number | undefined> }[] = [];
  return {
    started,
    drain(lane: ChannelKey) {
      const end = Promise.withResolvers<number | undefined>();
      started.push({ lane, end });
      return end.promise;
    },
    async end(index: number, dueAt?: number) {
      started[index]?.end.resolve(dueAt);
      await new Promise(setImmediate);
    },
  };
}

test("a lane is drained by one at a time, and once more after a wake meanwhile", async () => {
  const scheduler = createLaneScheduler(createStillClock());
  const drains = createDrains();
  scheduler.start(drains.drain);
  for (let wakes = 0; wakes < 3; wakes += 1) scheduler.wake(lane);
  scheduler.wake(other);
  expect(drains.started.map(each => each.lane)).toEqual([lane, other]);
  await drains.end(0);
  expect(drains.started).toHaveLength(3);
  await drains.end(2);
  await drains.end(1);
  expect(drains.started).toHaveLength(3);
  await scheduler.stop();
});

test("lanes woken before the start are drained at it", async () => {
  const scheduler = createLaneScheduler();
  const drains = createDrains();
  scheduler.wake(lane);
  scheduler.wake(other);
  expect(drains.started).toEqual([]);
  scheduler.start(drains.drain);
  expect(drains.started.map(each => each.lane)).toEqual([lane, other]);
  await drains.end(0);
  await drains.end(1);
  await scheduler.stop();
});

test("a lane comes again at its time, or at a wake before that", async () => {
  const clock = createStillClock();
  const scheduler = createLaneScheduler(clock);
  const drains = createDrains();
  scheduler.start(drains.drain);
  scheduler.wake(lane);
  await drains.end(0, 5000);
  clock.move(4999);
  expect(drains.started).toHaveLength(1);
  clock.move(1);
  expect(drains.started).toHaveLength(2);
  await drains.end(1, 20_000);
  scheduler.wake(lane);
  expect(drains.started).toHaveLength(3);
  await drains.end(2);
  clock.move(100_000);
  expect(drains.started).toHaveLength(3);
  await scheduler.stop();
});

test("a drain that fails is repeated", async () => {
  const clock = createStillClock();
  const scheduler = createLaneScheduler(clock);
  let drains = 0;
  scheduler.start(async () => {
    drains += 1;
    if (drains === 1) throw new Error("once");
    return undefined;
  });
  scheduler.wake(lane);
  await new Promise(setImmediate);
  clock.move(1000);
  expect(drains).toBe(2);
  await scheduler.stop();
});

test("stop waits for the drains under way and starts no more", async () => {
  const clock = createStillClock();
  const scheduler = createLaneScheduler(clock);
  const drains = createDrains();
  scheduler.start(drains.drain);
  scheduler.wake(lane);
  scheduler.wake(other);
  await drains.end(1, 1000);
  scheduler.wake(lane);
  let stopped = false;
  const stop = scheduler.stop().then(() => {
    stopped = true;
  });
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  await drains.end(0);
  await stop;
  scheduler.wake(other);
  clock.move(5000);
  expect(drains.started).toHaveLength(2);
});
