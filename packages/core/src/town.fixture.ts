import { createFakeNetwork, type FakeNetwork } from "./contract/fake-network.ts";
import { createManualClock, type ManualClock, settled } from "./contract/manual-clock.ts";
import { RelayError } from "./errors.ts";
import type { Room } from "./link.ts";
import { createRelay, type Relay, type RelayOptions } from "./relay.ts";
import type { Report } from "./report.ts";
import type { Store } from "./store.ts";
import { createMemoryStore } from "./stores/memory.ts";

export const ansible: Room = {
  name: "ansible",
  hub: { channel: "hub:lobby" },
  links: [{ channel: "slack:lobby" }, { channel: "discord:lobby" }],
};

export const storeFull = (): RelayError => new RelayError("store-full", "the disk is full", { retry: "later" });
export const storeBroken = (): RelayError => new RelayError("store-broken", "the disk fails", { retry: "never" });

/** Three networks and a relay between them, by a clock that tests move. */
export class Town {
  readonly clock: ManualClock = createManualClock();
  readonly hub: FakeNetwork = createFakeNetwork({ network: "hub" });
  readonly slack: FakeNetwork = createFakeNetwork({ network: "slack" });
  readonly discord: FakeNetwork = createFakeNetwork({ network: "discord" });
  readonly memory: Store = createMemoryStore({ clock: this.clock });
  /** What the relay is given: `memory`, with the methods that a test replaces. */
  readonly store: Store = { ...this.memory };
  readonly reports: Report[] = [];
  relay: Relay = this.#create({});

  async start(options: Partial<RelayOptions> = {}, rooms: readonly Room[] = [ansible]): Promise<void> {
    this.relay = this.#create(options);
    this.relay.watch(report => this.reports.push(report));
    const started = this.relay.start(rooms);
    await this.pass(0);
    await started;
  }

  /** Lets time pass, and everything happen that it brings. */
  async pass(ms = 120_000): Promise<void> {
    await this.clock.advance(ms);
    await settled();
  }

  texts(network: FakeNetwork): string[] {
    return network.shown().map(({ text }) => text);
  }

  #create(options: Partial<RelayOptions>): Relay {
    const adapters = { hub: this.hub.adapter, slack: this.slack.adapter, discord: this.discord.adapter };
    return createRelay({ store: this.store, clock: this.clock, adapters, recheckMs: 1e12, ...options });
  }
}

/** Makes the next call of the method, or each that `which` picks, reject instead of happen. */
export function fail<Method extends (...args: never[]) => Promise<unknown>>(
  method: Method,
  error: () => Error,
  which: (...args: Parameters<Method>) => boolean = () => true,
  times = 1,
): Method {
  let left = times;
  const failing = async (...args: Parameters<Method>): Promise<unknown> => {
    if (left > 0 && which(...args)) {
      left -= 1;
      throw error();
    }
    return method(...args);
  };
  return failing as Method; // the same arguments, the same result
}
