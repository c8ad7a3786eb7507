import { type MatrixEvent, recordAt, relationOf, stringAt } from "../matrix/event.ts";
import type { Homeserver } from "../matrix/homeserver.ts";
import { MatrixError } from "../matrix/matrix-error.ts";
import { expel } from "../matrix/membership.ts";
import type { Room } from "../matrix/room.ts";
import type { IrcChannel, IrcEvent } from "./channel.ts";
import { type IrcClient, IrcClients } from "./clients.ts";
import { withoutCodes } from "./formatting.ts";
import { Ghosts } from "./ghosts.ts";
import { mirrorMode, mirrorRank } from "./portal-room.ts";
import { type Remembered, renderToIrc } from "./render.ts";
import { StatusRooms } from "./status-rooms.ts";

/** The bridge's own nick; where it is kicked, nothing of the channel reaches Matrix any more. */
const botNick = "MatrixBot";
const maxLineBytes = 497;
const maxHostmaskBytes = 63;

export interface BridgeOptions {
  readonly homeserver: Homeserver;
  readonly bot: string;
  readonly network: string;
  readonly channel: IrcChannel;
  readonly room: Room;
  readonly connectMs: number;
}

/** Carries one channel and one room into each other, with the habits of matrix-appservice-irc 4.0.1. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #ghosts: Ghosts;
  readonly #clients: IrcClients;
  readonly #status: StatusRooms;
  /** What stands on IRC, by event id. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #stops: (() => void)[];

  constructor(options: BridgeOptions) {
    const { homeserver, bot, network, channel, room, connectMs } = options;
    this.#options = options;
    this.#ghosts = new Ghosts(homeserver, bot);
    this.#status = new StatusRooms(homeserver, bot, network);
    this.#clients = new IrcClients(channel, connectMs, ({ user, nick }) =>
      this.#status.notify(user, `You've been connected to the IRC network '${network}' as ${nick}.`),
    );
    channel.join(botNick);
    this.#stops = [
      channel.watch(event => this.#fromIrc(event)),
      homeserver.listen(({ event }, where) => {
        // Answered after the event has reached everybody else, as from another process.
        if (where === room) queueMicrotask(() => this.#fromMatrix(event));
      }),
    ];
  }

  #fromMatrix(event: MatrixEvent): void {
    const { bot, room, channel } = this.#options;
    if (!room.joined.has(bot)) return;
    if (event.type === "m.room.member") this.#removedFromMatrix(event);
    if (event.sender === bot || this.#ghosts.nickOf(event.sender) !== undefined) return;
    if (event.type !== "m.room.message") return;
    this.#clients.whenConnected(event.sender, room, client => {
      if (channel.join(client.nick)) this.#sayOnIrc(event, client);
      else this.#expel(client.user, `IRC error on ${channel.name}: err_bannedfromchan`);
    });
  }

  #sayOnIrc(event: MatrixEvent, client: IrcClient): void {
    const { channel, homeserver } = this.#options;
    const message = renderToIrc(event, {
      budget: maxLineBytes - client.nick.length - maxHostmaskBytes - channel.name.length,
      remembered: id => this.#remembered.get(id),
      fileUrl: mxc => `https://${homeserver.serverName}/_matrix/media/v3/download/${mxc.replace("mxc://", "")}`,
    });
    if (!message) return;
    for (const line of message.lines) {
      if (channel.say(client.nick, line, message.kind)) continue;
      this.#status.notify(client.user, `Message could not be sent to ${channel.name}`);
      return;
    }
    this.#remember(event, client.nick);
  }

  /** Remembers a message's text as it is now: an edit's under the id of what it edits. */
  #remember({ event_id, content, origin_server_ts: at }: MatrixEvent, nick: string): void {
    const relation = relationOf(content);
    const isEdit = relation?.type === "m.replace";
    const target = isEdit ? relation.target : event_id;
    const text = stringAt(isEdit ? recordAt(content, "m.new_content") : content, "body") ?? "";
    this.#remembered.set(target, { nick, text, at: this.#remembered.get(target)?.at ?? at });
  }

  /** Kicking an IRC user's ghost kicks them on IRC, by the kicker's own client. */
  #removedFromMatrix({ sender, state_key: user = "", content }: MatrixEvent): void {
    const { channel, bot, room } = this.#options;
    const nick = this.#ghosts.nickOf(user);
    const isRemoved = content["membership"] === "leave" || content["membership"] === "ban";
    if (nick === undefined || !isRemoved || sender === user || sender === bot) return;
    const reason = stringAt(content, "reason");
    this.#clients.whenConnected(sender, room, client => channel.kick(client.nick, nick, reason));
  }

  #fromIrc(event: IrcEvent): void {
    const { channel, homeserver, bot, room } = this.#options;
    if (!channel.has(botNick) || !room.joined.has(bot)) return;
    if (event.type === "line") this.#sayInMatrix(event);
    else if (event.type === "mode") mirrorMode(homeserver, bot, room, event.mode, event.on);
    else {
      const user = this.#clients.withNick(event.nick)?.user;
      if (event.type === "rank") {
        mirrorRank(homeserver, bot, room, user ?? this.#ghosts.idOf(event.nick), event.rank);
      } else if (user !== undefined) {
        this.#expel(user, `${event.by} has kicked this user from ${channel.name} (${event.reason})`);
      }
    }
  }

  #sayInMatrix({ line }: Extract<IrcEvent, { type: "line" }>): void {
    const { room } = this.#options;
    const isBanned = room.membership(this.#ghosts.idOf(line.nick)) === "ban";
    if (isBanned || this.#clients.withNick(line.nick)) return;
    const eventId = this.#ghosts.say(room, line, nick => this.#clients.withNick(nick)?.user);
    this.#remembered.set(eventId, { nick: line.nick, text: withoutCodes(line.text), at: line.at });
  }

  /** As far as the bot may: in a plumbed room it often has no power to kick. */
  #expel(user: string, reason: string): void {
    const { homeserver, bot, room } = this.#options;
    try {
      expel(homeserver, bot, room, user, "kick", reason);
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#clients.close();
  }
}
