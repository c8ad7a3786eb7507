import type { Content } from "../matrix/event.ts";
import type { Homeserver } from "../matrix/homeserver.ts";
import { join } from "../matrix/membership.ts";
import type { Room } from "../matrix/room.ts";
import type { IrcLine } from "./channel.ts";
import { codesToHtml, withoutCodes } from "./formatting.ts";

const msgtypes = { privmsg: "m.text", notice: "m.notice", action: "m.emote" } as const;

/** Speaks in a Matrix room for the nicks of an IRC network, as `@irc_nick:server`, joining each when it first speaks. */
export class Ghosts {
  readonly #homeserver: Homeserver;
  readonly #bot: string;

  constructor(homeserver: Homeserver, bot: string) {
    this.#homeserver = homeserver;
    this.#bot = bot;
  }

  idOf(nick: string): string {
    return `@irc_${nick}:${this.#homeserver.serverName}`;
  }

  nickOf(user: string): string | undefined {
    return user.startsWith("@irc_") ? user.slice("@irc_".length, user.lastIndexOf(":")) : undefined;
  }

  /** Says a line; `mentioned` gives the Matrix user behind a nick. Returns the event's id. */
  say(room: Room, line: IrcLine, mentioned: (nick: string) => string | undefined): string {
    const user = this.idOf(line.nick);
    this.#homeserver.register(user, { automated: true, displayname: line.nick });
    if (!room.joined.has(user)) {
      const rule = room.state("m.room.join_rules")?.["join_rule"];
      if (rule !== "public") this.#homeserver.appendMember(room, this.#bot, user, "invite");
      join(this.#homeserver, user, room);
    }
    return this.#homeserver.append(room, user, "m.room.message", toContent(line, mentioned)).event.event_id;
  }
}

/** A line as the bridge writes it; it links the nicks of people on Matrix but sets no `m.mentions`. */
function toContent({ kind, text }: IrcLine, mentioned: (nick: string) => string | undefined): Content {
  const body = withoutCodes(text);
  const html = codesToHtml(text).replace(/[A-Za-z[\]\\`_^{|}][\w[\]\\`^{|}-]{3,}/g, nick => {
    const user = mentioned(nick);
    return user === undefined ? nick : `<a href="https://matrix.to/#/${user}">${nick}</a>`;
  });
  const content = { msgtype: msgtypes[kind], body };
  return html === body ? content : { ...content, format: "org.matrix.custom.html", formatted_body: html };
}
