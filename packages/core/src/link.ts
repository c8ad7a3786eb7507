import type { Finding } from "./model/finding.ts";
import { type ChannelKey, type ChannelRef, channelKey, type RoomId } from "./model/ids.ts";
import type { Network } from "./network.ts";
import type { Receiver } from "./plan.ts";
import type { LinkStatus } from "./report.ts";
import type { LinkState } from "./store.ts";

/** One channel as a maintainer writes it: `slack:#general`, `hub:!abc`. */
export interface LinkSpec {
  readonly channel: string;
  /** The channel is not public, and the people in it know that it is relayed. */
  readonly private?: boolean;
}

export interface Room {
  /** For people only: status and logs. */
  readonly name: string;
  readonly hub: LinkSpec;
  readonly links: readonly LinkSpec[];
}

/** A room while it runs. */
export interface RunningRoom {
  name: string;
  /** The hub as configured. */
  readonly hub: string;
  /** Once the hub's name is resolved, or known from an earlier run. */
  id?: RoomId;
  readonly links: Link[];
  /** Resolves once the hub was tried for the first time, whatever came of it. */
  readonly hubTried: PromiseWithResolvers<void>;
}

/** A channel's place in a room while it runs. Only its `LinkStart` and the relay change its state. */
export class Link {
  readonly spec: LinkSpec;
  readonly room: RunningRoom;
  readonly network: Network;
  state: LinkState | "starting" = "starting";
  /** For good, whatever is still under way with it. */
  isRemoved = false;
  finding: Finding | undefined;
  /** False once the network has lost what `prepare` makes. */
  isPrepared = true;
  /** `open`: live events are held until history is read; a list: the gap is closing, they wait in it for the end. */
  gap: "open" | "none" | (() => void)[] = "open";
  /** While starting: its channel of an earlier run, in which it was active. Its lane takes in from the first moment. */
  earlier: ChannelKey | undefined;
  #ref: ChannelRef | undefined;
  #key: ChannelKey | undefined;

  constructor(spec: LinkSpec, room: RunningRoom, network: Network) {
    this.spec = spec;
    this.room = room;
    this.network = network;
  }

  get isHub(): boolean {
    return this.room.hub === this.spec.channel;
  }

  get ref(): ChannelRef | undefined {
    return this.#ref;
  }

  get key(): ChannelKey | undefined {
    return this.#key;
  }

  resolved(ref: ChannelRef): void {
    this.#ref = ref;
    this.#key = channelKey(ref);
  }

  status(): LinkStatus {
    return {
      room: this.room.name,
      name: this.spec.channel,
      state: this.state,
      ...(this.#key ? { channel: this.#key } : {}),
      ...(this.finding ? { finding: this.finding } : {}),
    };
  }
}

/** Everybody else in the room who may receive now. */
export function receiversOf(link: Link): Receiver[] {
  const receivers: Receiver[] = [];
  for (const other of link.room.links) {
    const lane = other.state === "active" ? other.key : other.earlier;
    if (other !== link && lane && !other.isRemoved)
      receivers.push({ lane, capabilities: other.network.adapter.capabilities });
  }
  return receivers;
}
