import type { Adapter } from "./adapter.ts";
import { BringUp } from "./bring-up.ts";
import { type Clock, systemClock } from "./clock.ts";
import { RelayError } from "./errors.ts";
import { createLaneScheduler } from "./lane-scheduler.ts";
import type { Link, Room } from "./link.ts";
import type { Machine, Tell } from "./machine.ts";
import { type ChannelKey, NetworkName } from "./model/ids.ts";
import { Network } from "./network.ts";
import { Outbound } from "./outbound.ts";
import type { LinkStatus, NetworkStatus, Report } from "./report.ts";
import { asRelayError, backoffMs } from "./retry.ts";
import { Rooms } from "./rooms.ts";
import type { Scheduler } from "./scheduler.ts";
import type { LaneStats, Store } from "./store.ts";

export interface RelayOptions {
  /** Opened by `start`, closed by `stop`. */
  readonly store: Store;
  /** By network name, as links are written: `slack` for `slack:C024BE91L`; each was created with that name. Closed by `stop`. */
  readonly adapters: Readonly<Record<string, Adapter>>;
  /** Default: in this process. */
  readonly scheduler?: Scheduler;
  readonly clock?: Clock;
  /** How often history is re-checked for events that were lost without a sign; default 5 minutes. */
  readonly recheckMs?: number;
  /** How long the message map is kept, so that edits and deletes follow; default 90 days. */
  readonly keepMs?: number;
  /** A delivery that could not be made for this long is buried; default 24 hours. */
  readonly maxAgeMs?: number;
}

export interface RelayStatus {
  readonly networks: readonly NetworkStatus[];
  readonly links: readonly LinkStatus[];
  readonly lanes: readonly LaneStats[];
}

/** A relay in one process. Methods reject with `RelayError` only. */
export interface Relay {
  /**
   * Opens the store, brings up every network and link, and resolves when each has started, failed or been refused once;
   * what is unreachable is tried again meanwhile. Rejects only where nothing can run: `bad-config` or `store-…`; and
   * with `stopped` when called again, as a relay starts once.
   */
  start(rooms: readonly Room[]): Promise<void>;
  /**
   * Makes these the rooms: links that stay run on, new ones start at now, the lanes of removed ones are buried.
   * Rejects with `bad-config` and changes nothing where they cannot be right; with `store-…` where not all could be
   * removed: apply again.
   */
  apply(rooms: readonly Room[]): Promise<void>;
  /** Ends a pause: the link starts at now. False where the channel has no paused link. */
  resume(channel: ChannelKey): Promise<boolean>;
  status(): Promise<RelayStatus>;
  /** Calls back with everything that happens; returns how to stop that. A watcher that throws is not called again. */
  watch(watcher: (report: Report) => void): () => void;
  /**
   * Takes in nothing more, waits up to 8 s for the calls under way, closes adapters and store. Nothing accepted is lost:
   * what is cut is settled at the next start.
   */
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** How long `stop` waits for the calls under way. */
const STOP_MS = 8_000;

/** Joins channels of several networks into rooms. Throws `bad-config` where a network's name can't be one. */
export function createRelay(options: RelayOptions): Relay {
  return new RunningRelay(options);
}

class RunningRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #stopping = new AbortController();
  readonly #watchers = new Set<(report: Report) => void>();
  readonly #machine: Machine;
  readonly #networks = new Map<NetworkName, Network>();
  readonly #rooms: Rooms;
  readonly #outbound: Outbound;
  readonly #bringUp: BringUp;
  readonly #timers: (() => void)[] = [];
  #isStarted = false;
  /** Rooms are changed one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: RelayOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.#machine = {
      store: options.store,
      scheduler: options.scheduler ?? createLaneScheduler(clock),
      clock,
      tell: tellAll(this.#watchers),
      secret: "",
      signal: this.#stopping.signal,
      maxAgeMs: options.maxAgeMs ?? 24 * HOUR_MS,
      broken: thrown => this.#broken(thrown),
      linkOf: key => this.#rooms.of(key),
    };
    for (const [name, adapter] of Object.entries(options.adapters)) {
      const network = networkName(name);
      this.#networks.set(network, new Network(network, adapter, this.#machine));
    }
    this.#rooms = new Rooms(this.#networks);
    this.#outbound = new Outbound(this.#machine);
    this.#bringUp = new BringUp(this.#machine, this.#rooms, this.#outbound);
  }

  async start(rooms: readonly Room[]): Promise<void> {
    if (this.#isStarted) throw new RelayError("stopped", "a relay starts once: create another", { retry: "never" });
    this.#rooms.validate(rooms);
    this.#isStarted = true;
    const { clock, scheduler, store } = this.#machine;
    const added = await this.#change(async () => {
      await store.open();
      this.#machine.secret = await store.secret();
      await this.#bringUp.load();
      await Promise.all([...this.#networks.values()].map(network => network.load()));
      scheduler.start(lane => this.#drain(lane));
      const links = this.#rooms.add(rooms);
      // The others do that when they are up.
      for (const network of this.#networks.values()) {
        if (this.#rooms.links(network).length === 0) this.#bringUp.leaveOthers(network);
      }
      return links;
    });
    await this.#bringUp.links(added);
    for (const lane of await store.lanes()) scheduler.wake(lane);
    this.#every(this.#options.recheckMs ?? 300_000, () => this.#bringUp.recheck());
    this.#every(HOUR_MS, () => store.sweep(clock.now() - (this.#options.keepMs ?? 90 * 24 * HOUR_MS)));
  }

  async apply(rooms: readonly Room[]): Promise<void> {
    this.#rooms.validate(rooms);
    const added = await this.#change(async () => {
      for (const link of this.#rooms.surplus(rooms)) await this.#bringUp.remove(link);
      return this.#rooms.add(rooms);
    });
    await this.#bringUp.links(added);
  }

  async resume(channel: ChannelKey): Promise<boolean> {
    const added = await this.#change(async () => {
      const link = this.#rooms.of(channel);
      if (link?.state !== "paused") return [];
      await this.#bringUp.remove(link);
      return this.#rooms.renew(link);
    });
    await this.#bringUp.links(added);
    return added.length > 0;
  }

  async status(): Promise<RelayStatus> {
    return {
      networks: [...this.#networks.values()].map(network => network.status()),
      links: this.#rooms.links().map(link => link.status()),
      lanes: await this.#machine.store.stats(),
    };
  }

  watch(watcher: (report: Report) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const cancel of this.#timers) cancel();
    const { clock, scheduler, store } = this.#machine;
    // What a network still owes an answer for by then is recalled at the next start.
    const patience = new AbortController();
    await Promise.race([scheduler.stop(), clock.sleep(STOP_MS, patience.signal)]);
    patience.abort();
    await Promise.all([...this.#networks.values()].map(({ adapter }) => adapter.close().catch(() => undefined)));
    await store.close();
  }

  #change(run: () => Promise<Link[]>): Promise<Link[]> {
    const changed = this.#changing.then(run);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #drain(lane: ChannelKey): Promise<number | undefined> {
    try {
      return await this.#outbound.drain(lane);
    } catch (thrown) {
      // Only the store throws here: nothing was lost, come again.
      const afterMs = backoffMs(2);
      this.#machine.tell({ type: "retrying", what: `drain ${lane}`, error: asRelayError(thrown), afterMs });
      return this.#machine.clock.now() + afterMs;
    }
  }

  #every(ms: number, run: () => Promise<unknown>): void {
    const again = (): void => {
      if (this.#stopping.signal.aborted) return;
      const cancel = this.#machine.clock.after(ms, () => {
        this.#timers.splice(this.#timers.indexOf(cancel), 1);
        void run().catch(this.#machine.broken).then(again);
      });
      this.#timers.push(cancel);
    };
    again();
  }

  #broken(thrown: unknown): void {
    if (this.#stopping.signal.aborted) return;
    this.#machine.tell({ type: "retrying", what: "use the store", error: asRelayError(thrown), afterMs: 0 });
  }
}

function networkName(name: string): NetworkName {
  const { data, error } = NetworkName.safeParse(name);
  if (data) return data;
  throw new RelayError("bad-config", `${name}: ${error?.issues[0]?.message}`, { retry: "never" });
}

function tellAll(watchers: Set<(report: Report) => void>): Tell {
  const tell = (report: Report): void => {
    for (const watcher of watchers) {
      try {
        watcher(report);
      } catch {
        watchers.delete(watcher);
      }
    }
  };
  return Object.defineProperty(tell, "watched", { get: () => watchers.size > 0 }) as Tell;
}
