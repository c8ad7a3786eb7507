import type { MatrixStandIn } from "../matrix/stand-in.ts";
import type { Person, Place } from "../place.ts";
import { Bridge } from "./bridge.ts";
import type { IrcChannel } from "./channel.ts";
import { createChannelPlace } from "./channel-place.ts";
import type { IrcNetwork } from "./network.ts";
import { createPortalRoom, plumbRoom } from "./portal-room.ts";

export interface IrcPortalOptions {
  readonly homeserver: MatrixStandIn;
  readonly network: IrcNetwork;
  /** With its `#`. */
  readonly channel: string;
  /** Nicks that `place()` can speak as. */
  readonly people?: readonly string[];
  /** An existing room to plumb, in place of a portal of the bridge's own making. */
  readonly plumbed?: string;
  /**
   * How long a person from Matrix waits for their IRC connection; none unless given. What they say meanwhile comes out
   * with the first line last, as the real bridge was seen to do.
   */
  readonly connectMs?: number;
  /** The localpart of the bridge's own account; `appservice-irc` unless given. */
  readonly bot?: string;
}

/** A Matrix room and an IRC channel joined by a bridge that is not ours. */
export interface IrcPortal {
  readonly roomId: string;
  /** `#irc_#chan:server`; none for a plumbed room. */
  readonly alias?: string;
  /** The bridge's own account, creator of a portal room. */
  readonly bot: string;
  /** What operators do there: kick, ban, rank, modes. */
  readonly channel: IrcChannel;
  place(): Place;
  close(): void;
}

/** Joins `channel` and a room at once: bridged lines are there when the event loop next turns. */
export function createIrcPortal(options: IrcPortalOptions): IrcPortal {
  const { homeserver } = options.homeserver;
  const channel = options.network.channel(options.channel);
  const bot = homeserver.userId(options.bot ?? "appservice-irc");
  homeserver.register(bot, { automated: true, displayname: "IRC Bridge" });
  const room =
    options.plumbed === undefined
      ? createPortalRoom(homeserver, bot, options.channel)
      : plumbRoom(homeserver, bot, options.plumbed);
  const people: Person[] = (options.people ?? []).map(nick => ({ id: nick, name: nick }));
  const place = createChannelPlace(channel, people);
  const connectMs = options.connectMs ?? 0;
  const bridge = new Bridge({ homeserver, bot, network: options.network.name, channel, room, connectMs });
  return {
    roomId: room.id,
    ...(options.plumbed === undefined ? { alias: `#irc_${options.channel}:${homeserver.serverName}` } : {}),
    bot,
    channel,
    place: () => place,
    close: () => bridge.close(),
  };
}
