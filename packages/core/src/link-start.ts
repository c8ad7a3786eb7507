import { isStoreError, RelayError } from "./errors.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { Finding } from "./model/finding.ts";
import { type ChannelKey, type ChannelRef, channelKey, parseChannel } from "./model/ids.ts";
import type { Network } from "./network.ts";
import type { Outbound } from "./outbound.ts";
import { asRelayError } from "./retry.ts";
import type { LinkRecord, LinkState } from "./store.ts";

/** Brings links from their configuration to active, or to a state with a finding. */
export class LinkStart {
  readonly #machine: Machine;
  readonly #outbound: Outbound;
  /** Takes the channel for the link; the link that has it already, where there is one. */
  readonly #claim: (key: ChannelKey, link: Link) => Link | undefined;
  #known = new Map<ChannelKey, LinkRecord>();

  constructor(machine: Machine, outbound: Outbound, claim: (key: ChannelKey, link: Link) => Link | undefined) {
    this.#machine = machine;
    this.#outbound = outbound;
    this.#claim = claim;
  }

  async load(): Promise<void> {
    this.#known = new Map((await this.#machine.store.links()).map(record => [record.channel, record]));
  }

  /** A link that was active in an earlier run receives while it starts, however long its network can't be reached. */
  expect(link: Link): void {
    const wasActive = ({ name, channel, state }: LinkRecord): boolean =>
      state === "active" && (name === link.spec.channel || channel === link.spec.channel);
    link.earlier = [...this.#known.values()].find(wasActive)?.channel;
  }

  /**
   * One try. Never barges in: a paused link stays paused, a channel we were put out of is not joined again, a private one
   * is entered only where the configuration says so. Rejects where a later try may succeed.
   */
  async run(link: Link): Promise<void> {
    try {
      await this.#start(link);
    } catch (thrown) {
      const error = asRelayError(thrown);
      if (error.retry === "later" || isStoreError(error)) throw error;
      await this.refuse(link, error);
    } finally {
      if (link.isHub) link.room.hubTried.resolve();
    }
  }

  refuse(link: Link, error: RelayError): Promise<void> {
    return this.set(link, "refused", error.finding ?? findingOf(link, error));
  }

  /**
   * Changes the link's state, durably where its channel is known, and tells; a paused link's lane is buried. One that was
   * removed meanwhile stays so.
   */
  async set(link: Link, state: LinkState, finding?: Finding): Promise<void> {
    const { clock, store, tell } = this.#machine;
    if (link.isRemoved) return;
    if (link.key && state === "paused") await this.#outbound.bury(link.key, `paused: ${finding?.says}`);
    if (link.key && link.room.id && !link.isRemoved) {
      const base = { room: link.room.id, name: link.spec.channel, channel: link.key, state, since: clock.now() };
      const record: LinkRecord = finding ? { ...base, finding } : base;
      this.#known.set(link.key, record);
      await store.setLink(record);
    }
    if (link.isRemoved) return;
    link.state = state;
    link.finding = finding;
    link.earlier = undefined;
    tell({ type: "link", link: link.status() });
  }

  /** The channel is no longer linked: linked anew it starts at now. */
  async forget(channel: ChannelKey): Promise<void> {
    this.#known.delete(channel);
    await this.#machine.store.removeLink(channel);
  }

  /** Forgets what earlier runs had linked on the network and its links do not have; nothing while one is not resolved. */
  async leaveOthers(network: Network, links: readonly Link[]): Promise<void> {
    if (links.some(({ key }) => !key)) return;
    const earlier = [...this.#known.keys()].filter(lane => parseChannel(lane).network === network.name);
    for (const lane of earlier) if (!this.#machine.linkOf(lane)) await this.#leave(lane);
  }

  async #leave(lane: ChannelKey): Promise<void> {
    await this.#outbound.bury(lane, "the channel is not linked any more");
    await this.forget(lane);
  }

  /** A room is known by its hub's channel; by an earlier run's, or by what is written, where the hub can't be asked. */
  async #identify(link: Link, key: ChannelKey): Promise<void> {
    const { room } = link;
    if (link.isHub) {
      room.id = key;
      room.hubTried.resolve();
    }
    const hubBefore = [...this.#known.values()].find(({ name, channel }) => name === room.hub || channel === room.hub);
    if (!room.id && hubBefore) room.id = hubBefore.channel;
    if (!room.id) await room.hubTried.promise;
    if (room.id) return;
    const hub = room.links.find(({ isHub }) => isHub);
    if (hub && hub.state !== "refused")
      throw new RelayError("unreachable", "the room's hub is not reached yet", { retry: "later" });
    room.id = channelKey(parseChannel(room.hub));
  }

  async #start(link: Link): Promise<void> {
    const { adapter } = link.network;
    const ref = await adapter.resolve(link.spec.channel.slice(link.network.name.length + 1));
    if (link.isRemoved) return;
    if (ref.network !== link.network.name) throw misnamed(link, ref);
    const key = channelKey(ref);
    const other = this.#claim(key, link);
    if (other) return this.set(link, "refused", twice(link, other));
    link.resolved(ref);
    if (link.earlier && link.earlier !== key) await this.#leave(link.earlier);
    await this.#identify(link, key);
    let known = this.#known.get(key);
    if (known?.state === "active" && known.room !== link.room.id) {
      await this.#leave(key); // in another room it is another link, which starts at now
      known = undefined;
    }
    if (known?.state === "paused" || known?.state === "quarantined") return this.set(link, known.state, known.finding);
    const refusal = await this.#enter(link, ref, known?.state === "active");
    if (refusal) return this.set(link, refusal.state, refusal.finding);
    const { store } = this.#machine;
    const start = (await store.cursor(key)) ? undefined : await adapter.head(ref);
    if (link.isRemoved) return;
    if (start) await store.setCursor(key, start);
    await store.openGap(key);
    link.gap = "open";
    await this.set(link, "active");
  }

  /** Checks the channel, and joins it where that is what is missing; resolves to why not. */
  async #enter(link: Link, ref: ChannelRef, wasActive: boolean): Promise<Refusal | undefined> {
    const { adapter } = link.network;
    const before = await adapter.check(ref);
    const notJoined = before.find(({ id }) => id === "not-joined");
    if (wasActive && notJoined) return { state: "paused", finding: notJoined };
    const refusal = refusalIn(before, link, true);
    if (refusal) return { state: "refused", finding: refusal };
    if (link.isRemoved) return undefined;
    await link.network.prepare(ref);
    // Some things can be seen only from inside: encryption, our power.
    const inside = refusalIn(await adapter.check(ref), link, false);
    return inside && { state: "refused", finding: inside };
  }
}

interface Refusal {
  readonly state: "paused" | "refused";
  readonly finding: Finding;
}

function refusalIn(findings: readonly Finding[], link: Link, joinable: boolean): Finding | undefined {
  return findings.find(({ id, severity }) => {
    if (id === "private") return link.spec.private !== true;
    if (id === "not-joined") return !joinable;
    return severity === "refuse";
  });
}

function twice(link: Link, other: Link): Finding {
  return {
    id: "channel-twice",
    severity: "refuse",
    says: `${link.spec.channel} in room ${link.room.name} is the same channel as ${other.spec.channel} in room ${other.room.name}.`,
    cure: "A channel belongs to one room: remove one of the two from the configuration.",
  };
}

function misnamed({ network }: Link, ref: ChannelRef): RelayError {
  const says = `the adapter ${network.name} was created as ${ref.network}; create it with the name it is given here`;
  return new RelayError("bad-config", says, { retry: "never" });
}

function findingOf(link: Link, error: RelayError): Finding {
  return {
    id: error.code,
    severity: "refuse",
    says: `${link.spec.channel} cannot start: ${error.message}`,
    cure: "Mend the cause and start fanin again.",
  };
}
