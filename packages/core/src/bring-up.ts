import type { Inbox } from "./adapter.ts";
import { CatchUp } from "./catch-up.ts";
import { RelayError } from "./errors.ts";
import { Inbound } from "./inbound.ts";
import type { Link } from "./link.ts";
import { LinkStart } from "./link-start.ts";
import type { Machine } from "./machine.ts";
import type { Finding } from "./model/finding.ts";
import { type ChannelRef, channelKey } from "./model/ids.ts";
import type { Network } from "./network.ts";
import type { Outbound } from "./outbound.ts";
import { asRelayError, tryOn } from "./retry.ts";
import type { Rooms } from "./rooms.ts";

/** Starts, pauses, resumes and removes links, and connects each network once its links are ready to receive. */
export class BringUp {
  readonly #machine: Machine;
  readonly #rooms: Rooms;
  readonly #inbound: Inbound;
  readonly #start: LinkStart;
  readonly #catchUp: CatchUp;
  readonly #up = new Set<Network>();

  constructor(machine: Machine, rooms: Rooms, outbound: Outbound) {
    this.#machine = machine;
    this.#rooms = rooms;
    this.#inbound = new Inbound(machine, outbound);
    this.#start = new LinkStart(machine, (key, link) => rooms.claim(key, link));
    this.#catchUp = new CatchUp(machine, this.#inbound);
  }

  load(): Promise<void> {
    return this.#start.load();
  }

  /** Resolves when each link and its network were tried once; what is unreachable is tried again meanwhile. */
  async links(added: readonly Link[]): Promise<void> {
    for (const link of added) this.#start.expect(link);
    const networks = new Set(added.map(({ network }) => network));
    await Promise.all(
      [...networks].map(network => {
        const links = added.filter(link => link.network === network);
        return this.#up.has(network) ? Promise.all(links.map(link => this.#link(link))) : this.#network(network);
      }),
    );
  }

  async resume(link: Link): Promise<void> {
    await this.#start.forget(link);
    link.state = "starting";
    await this.#link(link);
  }

  async remove(link: Link): Promise<void> {
    link.state = "paused"; // no longer a receiver, whatever is under way
    this.#rooms.remove(link);
    await this.#buryLane(link, "the link was removed from the configuration");
    await this.#start.forget(link);
  }

  async recheck(): Promise<void> {
    for (const link of this.#rooms.links()) await this.#catchUp.recheck(link);
  }

  /** Its account, then its links, then the connection, then what was missed. */
  async #network(network: Network): Promise<void> {
    try {
      await tryOn(this.#machine, `start ${network.name}`, async () => {
        await network.check();
        await Promise.all(this.#rooms.links(network).map(link => this.#prepare(link)));
        await network.connect(this.#inboxOf(network));
        this.#up.add(network);
        for (const link of this.#rooms.links(network)) this.#readMissed(link);
      });
    } catch (thrown) {
      const error = asRelayError(thrown);
      network.report({ state: "failed", error });
      await Promise.all(this.#rooms.links(network).map(link => this.#start.refuse(link, error)));
    } finally {
      for (const link of this.#rooms.links(network)) if (link.isHub) link.room.hubTried.resolve();
    }
  }

  /** A link of a network that is up. */
  async #link(link: Link): Promise<void> {
    await this.#prepare(link);
    this.#readMissed(link);
  }

  #prepare(link: Link): Promise<void> {
    return tryOn(this.#machine, `start ${link.spec.channel}`, async () => {
      if (!this.#rooms.has(link) || link.state !== "starting") return;
      await this.#start.run(link);
      if (link.key) this.#machine.scheduler.wake(link.key);
      if (this.#up.has(link.network)) this.#readMissed(link);
    });
  }

  #readMissed(link: Link): void {
    void this.#catchUp.close(link).catch(this.#machine.broken);
  }

  #inboxOf(network: Network): Inbox {
    const linkOf = (channel: ChannelRef): Link | undefined => this.#rooms.of(channelKey(channel));
    return {
      accept: async event => {
        if (this.#machine.signal.aborted) throw new RelayError("stopped", "fanin is stopping", { retry: "later" });
        const link = linkOf(event.channel);
        if (link) await this.#inbound.live(link, event);
      },
      missed: channel => {
        for (const link of this.#rooms.links(network)) {
          if (!channel || linkOf(channel) === link) this.#readMissed(link);
        }
      },
      lost: (channel, finding) => {
        const link = linkOf(channel);
        if (link) void this.#pause(link, finding).catch(this.#machine.broken);
      },
      report: state => network.report(state),
    };
  }

  async #pause(link: Link, finding: Finding): Promise<void> {
    if (link.state !== "active") return;
    await this.#start.set(link, "paused", finding);
    await this.#buryLane(link, `paused: ${finding.says}`);
    const text = `${link.spec.channel} is paused: ${finding.says} ${finding.cure}`;
    await this.#inbound.announce(link, `paused:${this.#machine.clock.now()}`, text);
  }

  async #buryLane(link: Link, reason: string): Promise<void> {
    if (!link.key) return;
    const count = await this.#machine.store.bury(link.key, undefined, reason);
    if (count > 0) this.#machine.tell({ type: "lane-buried", lane: link.key, count, reason });
  }
}
