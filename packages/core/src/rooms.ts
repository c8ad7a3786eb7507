import { RelayError } from "./errors.ts";
import { Link, type LinkSpec, type Room, type RunningRoom } from "./link.ts";
import { type ChannelKey, NetworkName } from "./model/ids.ts";
import type { Network } from "./network.ts";

/** The rooms and links that run now. */
export class Rooms {
  readonly #networks: ReadonlyMap<NetworkName, Network>;
  /** By channel as configured. */
  readonly #links = new Map<string, Link>();
  readonly #byChannel = new Map<ChannelKey, Link>();

  constructor(networks: ReadonlyMap<NetworkName, Network>) {
    this.#networks = networks;
  }

  links(network?: Network): Link[] {
    const all = [...this.#links.values()];
    return network ? all.filter(link => link.network === network) : all;
  }

  of(channel: ChannelKey): Link | undefined {
    return this.#byChannel.get(channel);
  }

  /** Takes the channel for the link; returns the link that has it already, where there is one. */
  claim(channel: ChannelKey, link: Link): Link | undefined {
    const holder = this.#byChannel.get(channel);
    if (holder && holder !== link) return holder;
    this.#release(link); // its name may have stood for another one
    this.#byChannel.set(channel, link);
    return undefined;
  }

  /** Rejects rooms that cannot be right, naming the culprit. */
  validate(rooms: readonly Room[]): void {
    const seen = new Map<string, string>();
    for (const room of rooms) {
      for (const spec of specsOf(room)) {
        const network = NetworkName.safeParse(networkOf(spec));
        if (!network.success || !this.#networks.has(network.data)) {
          const known = [...this.#networks.keys()].join(", ");
          throw badConfig(`room ${room.name}: ${spec.channel} names no known network (known: ${known})`);
        }
        const other = seen.get(spec.channel);
        if (other)
          throw badConfig(
            `${spec.channel} is in room ${other} and in room ${room.name}; a channel belongs to one room`,
          );
        seen.set(spec.channel, room.name);
      }
    }
  }

  /** Links that the rooms no longer have, or have otherwise. */
  surplus(rooms: readonly Room[]): Link[] {
    const wanted = new Map(
      rooms.flatMap(room => specsOf(room).map(spec => [spec.channel, { spec, room: this.#running(room) }] as const)),
    );
    return this.links().filter(link => {
      const want = wanted.get(link.spec.channel);
      return link.isRemoved || want?.room !== link.room || !same(want.spec, link.spec);
    });
  }

  /** Adds what the rooms have and is not here yet. */
  add(rooms: readonly Room[]): Link[] {
    return rooms.flatMap(room => {
      const { name, hub } = room;
      const running = this.#running(room) ?? { name, hub: hub.channel, links: [], hubTried: Promise.withResolvers() };
      running.name = name;
      return specsOf(room).flatMap(spec => (this.#links.has(spec.channel) ? [] : this.#link(spec, running)));
    });
  }

  /** A link in the place of one that was removed. */
  renew({ spec, room }: Link): Link[] {
    return this.#link(spec, room);
  }

  remove(link: Link): void {
    if (!this.#links.delete(link.spec.channel)) return;
    link.room.links.splice(link.room.links.indexOf(link), 1);
    this.#release(link);
  }

  #link(spec: LinkSpec, room: RunningRoom): Link[] {
    const network = this.#networks.get(networkOf(spec));
    if (!network) return [];
    const link = new Link(spec, room, network);
    this.#links.set(spec.channel, link);
    room.links.push(link);
    return [link];
  }

  #release(link: Link): void {
    if (link.key && this.#byChannel.get(link.key) === link) this.#byChannel.delete(link.key);
  }

  /** A room is the same one while its hub is, whatever it is called. */
  #running({ hub }: Room): RunningRoom | undefined {
    return this.links().find(({ room }) => room.hub === hub.channel)?.room;
  }
}

function same(one: LinkSpec, other: LinkSpec): boolean {
  return (one.private ?? false) === (other.private ?? false);
}

function specsOf(room: Room): LinkSpec[] {
  return [room.hub, ...room.links];
}

function networkOf(spec: LinkSpec): NetworkName {
  return spec.channel.slice(0, Math.max(0, spec.channel.indexOf(":"))) as NetworkName; // validated before use
}

function badConfig(message: string): RelayError {
  return new RelayError("bad-config", message, { retry: "never" });
}
