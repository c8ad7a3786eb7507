import type { ChannelKey } from "./model/ids.ts";

/** The port to who wakes lanes. At most one `drain` of a lane runs at a time over all workers. */
export interface Scheduler {
  /** `drain` empties a lane; it resolves to the wall-clock time to come again, or undefined where nothing waits. */
  start(drain: (lane: ChannelKey) => Promise<number | undefined>): void;
  /** Drains the lane now; once more afterwards where a drain is under way. */
  wake(lane: ChannelKey): void;
  /** Starts no more drains and resolves when those under way have ended. */
  stop(): Promise<void>;
}
