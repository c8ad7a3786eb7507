import type { Adapter, Inbox, NetworkState } from "./adapter.ts";
import { RelayError } from "./errors.ts";
import type { Machine } from "./machine.ts";
import type { ChannelRef, NetworkName } from "./model/ids.ts";
import type { NetworkStatus } from "./report.ts";

/** One network account while the relay runs: its connection, and every id it ever wrote as. */
export class Network {
  readonly name: NetworkName;
  readonly adapter: Adapter;
  /** Grows only. */
  readonly own = new Set<string>();
  /** Those of them that are on disk. */
  readonly #kept = new Set<string>();
  #state: NetworkState = { state: "connecting" };
  readonly #machine: Machine;

  constructor(name: NetworkName, adapter: Adapter, machine: Machine) {
    this.name = name;
    this.adapter = adapter;
    this.#machine = machine;
  }

  get state(): NetworkState["state"] {
    return this.#state.state;
  }

  status(): NetworkStatus {
    return { network: this.name, ...this.#state };
  }

  report(state: NetworkState): void {
    const changed = state.state !== this.#state.state;
    this.#state = state;
    if (changed) this.#machine.tell({ type: "network", network: this.status() });
  }

  async load(): Promise<void> {
    for (const id of await this.#machine.store.own(this.name)) {
      this.own.add(id);
      this.#kept.add(id);
    }
  }

  /** Asks the network about our account; rejects with the finding where it refuses us. */
  async check(): Promise<void> {
    const refusal = (await this.adapter.check()).find(({ severity }) => severity === "refuse");
    if (!refusal) return;
    throw new RelayError("unauthorized", `${refusal.says} ${refusal.cure}`, { retry: "never", finding: refusal });
  }

  async connect(inbox: Inbox): Promise<void> {
    await this.adapter.connect(inbox, this.#machine.signal);
    if (this.state !== "failed") this.report({ state: "connected" });
  }

  /** Makes what sending to the channel needs, and keeps the ids it will be written as before the first send. */
  async prepare(channel: ChannelRef): Promise<void> {
    const ids = await this.adapter.prepare(channel);
    for (const id of ids) this.own.add(id);
    const unkept = ids.filter(id => !this.#kept.has(id));
    if (unkept.length === 0) return;
    await this.#machine.store.addOwn(this.name, unkept);
    for (const id of unkept) this.#kept.add(id);
  }
}
