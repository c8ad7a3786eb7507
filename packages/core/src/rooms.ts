import { RelayError } from "./errors.ts";
import { Link, type LinkSpec, type Room, type RunningRoom } from "./link.ts";
import { type ChannelKey, NetworkName } from "./model/ids.ts";
import type { Network } from "./network.ts";

/** The rooms and links that run now. */
export class Rooms {
  readonly #networks: ReadonlyMap<NetworkName, Network>;
  /** By room and channel as configured: a link is the same link while both stay. */
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

  has(link: Link): boolean {
    return this.#links.get(nameOf(link.room, link.spec)) === link;
  }

  /** Takes the channel for the link; returns the link that has it already, where there is one. */
  claim(channel: ChannelKey, link: Link): Link | undefined {
    const holder = this.#byChannel.get(channel);
    if (holder && holder !== link) return holder;
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
    const wanted = new Map(rooms.flatMap(room => specsOf(room).map(spec => [nameOf(room, spec), spec] as const)));
    return [...this.#links].filter(([name, link]) => !same(wanted.get(name), link.spec)).map(([, link]) => link);
  }

  /** Adds what the rooms have and is not here yet. */
  add(rooms: readonly Room[]): Link[] {
    return rooms.flatMap(room => {
      const present = this.links().find(link => link.room.name === room.name)?.room;
      const running: RunningRoom = present ?? { name: room.name, links: [], hubTried: Promise.withResolvers() };
      return specsOf(room).flatMap(spec => {
        const network = this.#networks.get(networkOf(spec));
        if (!network || this.#links.has(nameOf(room, spec))) return [];
        const link = new Link(spec, running, network, spec === room.hub);
        this.#links.set(nameOf(room, spec), link);
        running.links.push(link);
        return [link];
      });
    });
  }

  remove(link: Link): void {
    this.#links.delete(nameOf(link.room, link.spec));
    link.room.links.splice(link.room.links.indexOf(link), 1);
    if (link.key && this.#byChannel.get(link.key) === link) this.#byChannel.delete(link.key);
  }
}

function same(one: LinkSpec | undefined, other: LinkSpec): boolean {
  return one !== undefined && (one.private ?? false) === (other.private ?? false);
}

function specsOf(room: Room): LinkSpec[] {
  return [room.hub, ...room.links];
}

function networkOf(spec: LinkSpec): NetworkName {
  return spec.channel.slice(0, Math.max(0, spec.channel.indexOf(":"))) as NetworkName; // validated before use
}

function nameOf(room: { readonly name: string }, spec: LinkSpec): string {
  return `${room.name} ${spec.channel}`;
}

function badConfig(message: string): RelayError {
  return new RelayError("bad-config", message, { retry: "never" });
}
