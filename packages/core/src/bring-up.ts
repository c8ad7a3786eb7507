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
import { asRelayError, persist } from "./retry.ts";
import type { Rooms } from "./rooms.ts";

/** Starts, pauses, resumes and removes links, and connects each network once its links are ready to receive. */
export class BringUp {
  readonly #machine: Machine;
  readonly #rooms: Rooms;
  readonly #outbound: Outbound;
  readonly #inbound: Inbound;
  readonly #start: LinkStart;
  readonly #catchUp: CatchUp;
  readonly #up = new Set<Network>();
  /** What is being brought up, and when it was tried for the first time: one task for each at a time. */
  readonly #tasks = new Map<Network | Link, Promise<void>>();

  constructor(machine: Machine, rooms: Rooms, outbound: Outbound) {
    this.#machine = machine;
    this.#rooms = rooms;
    this.#outbound = outbound;
    this.#inbound = new Inbound(machine, outbound);
    this.#start = new LinkStart(machine, outbound, (key, link) => rooms.claim(key, link));
    this.#catchUp = new CatchUp(machine, this.#inbound);
  }

  load(): Promise<void> {
    return this.#start.load();
  }

  /** Resolves when each link and its network were tried once; what is unreachable is tried again meanwhile. */
  async links(added: readonly Link[]): Promise<void> {
    for (const link of added) this.#start.expect(link);
    await Promise.all(added.map(link => (this.#up.has(link.network) ? this.#link(link) : this.#network(link.network))));
  }

  /** Forgets what earlier runs had linked on the network and nothing links now; by itself, until it is done. */
  leaveOthers(network: Network): void {
    const leave = (): Promise<void> => this.#start.leaveOthers(network, this.#rooms.links(network));
    void persist(this.#machine, `forget old links of ${network.name}`, leave).catch(this.#machine.broken);
  }

  /** Rejects as the store does; the link is off then, and may be removed again. */
  async remove(link: Link): Promise<void> {
    link.isRemoved = true;
    link.state = "paused"; // no longer a receiver, whatever is under way
    const lane = link.key ?? link.earlier;
    if (link.isHub) link.room.hubTried.resolve();
    await this.#inbound.release(link);
    if (lane) await this.#outbound.bury(lane, "the link was removed from the configuration");
    if (lane) await this.#start.forget(lane);
    this.#rooms.remove(link);
  }

  async recheck(): Promise<void> {
    for (const link of this.#rooms.links()) await this.#catchUp.recheck(link);
  }

  /** Its account, then its links, then the connection, then what was missed. */
  #network(network: Network): Promise<void> {
    const links = (): Link[] => this.#rooms.links(network);
    const start = async (): Promise<void> => {
      try {
        await network.check();
        await Promise.all(links().map(link => this.#link(link)));
        if (this.#machine.signal.aborted) return;
        await network.connect(this.#inboxOf(network));
      } finally {
        for (const link of links()) if (link.isHub) link.room.hubTried.resolve();
      }
      this.#up.add(network);
      await Promise.all(links().map(link => this.#link(link))); // also those that came meanwhile
      for (const link of links()) this.#readMissed(link);
      this.leaveOthers(network);
    };
    return this.#run(network, `start ${network.name}`, start, async error => {
      network.report({ state: "failed", error });
      await Promise.all(links().map(link => this.#start.refuse(link, error)));
    });
  }

  #link(link: Link): Promise<void> {
    const start = async (): Promise<void> => {
      if (link.isRemoved || link.state !== "starting") return;
      await this.#start.run(link);
      if (link.key) this.#machine.scheduler.wake(link.key);
      if (!this.#up.has(link.network)) return;
      this.#readMissed(link);
      this.leaveOthers(link.network);
    };
    return this.#run(link, `start ${link.spec.channel}`, start, error => this.#start.refuse(link, error));
  }

  /** Brings it up, however long that takes; resolves when it was tried once. */
  #run(
    what: Network | Link,
    name: string,
    start: () => Promise<void>,
    refuse: (error: RelayError) => Promise<void>,
  ): Promise<void> {
    const running = this.#tasks.get(what);
    if (running) return running;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tasks.set(what, promise);
    void persist(this.#machine, name, start, resolve)
      .catch(thrown => persist(this.#machine, `refuse ${name}`, () => refuse(asRelayError(thrown))))
      .catch(this.#machine.broken)
      .finally(() => {
        this.#tasks.delete(what);
        resolve();
      });
    return promise;
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
        if (!link) return;
        await this.#inbound.live(link, event).catch(error => {
          this.#readMissed(link); // whatever comes next has to wait for this one
          throw error;
        });
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
    link.state = "paused";
    const id = `paused:${this.#machine.clock.now()}`;
    await persist(this.#machine, `pause ${link.spec.channel}`, async () => {
      if (link.isRemoved) return;
      await this.#inbound.release(link);
      await this.#start.set(link, "paused", finding);
      await this.#inbound.announce(link, id, `${link.spec.channel} is paused: ${finding.says} ${finding.cure}`);
    });
  }
}
