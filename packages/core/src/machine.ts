import type { Clock } from "./clock.ts";
import type { Link } from "./link.ts";
import type { ChannelKey } from "./model/ids.ts";
import type { Report } from "./report.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Store } from "./store.ts";

/** Tells those who watch; `watched` spares the hot path the making of reports that nobody reads. */
export interface Tell {
  (report: Report): void;
  readonly watched: boolean;
}

/** What every piece of a running relay works with. */
export interface Machine {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly tell: Tell;
  /** The store's secret, once open. */
  secret: string;
  /** Aborts when the relay stops. */
  readonly signal: AbortSignal;
  /** A delivery older than this is buried instead of tried again. */
  readonly maxAgeMs: number;
  /** For what nobody awaits: tells that it failed. */
  readonly broken: (thrown: unknown) => void;
  /** The channel's link; undefined where it was removed. */
  readonly linkOf: (channel: ChannelKey) => Link | undefined;
}
