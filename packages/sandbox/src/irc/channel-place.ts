import type { Person, Place } from "../place.ts";
import { visible } from "../visible.ts";
import type { IrcChannel } from "./channel.ts";
import { withoutCodes } from "./formatting.ts";
import { toLines } from "./lines.ts";

const maxTextBytes = 400;

/** The channel as people on IRC use it. `/me` acts; a longer text becomes several lines, and its id is the first one's. */
export function createChannelPlace(channel: IrcChannel, people: readonly Person[]): Place {
  const nicks = new Set(people.map(({ id }) => id));
  for (const nick of nicks) channel.join(nick);
  return {
    name: "irc",
    people,
    canEdit: false,
    said: () =>
      channel.lines.map(({ id, nick, text, at }) => ({
        id: String(id),
        author: nick,
        relayed: !nicks.has(nick),
        text: visible(withoutCodes(text)),
        edited: false,
        at,
      })),
    say: async (person, text, options) => {
      if (!nicks.has(person)) throw new Error(`No ${person} speaks in ${channel.name}`);
      const answered = channel.lines.find(({ id }) => String(id) === options?.replyTo);
      const isAction = text.startsWith("/me ");
      const whole = `${answered ? `${answered.nick}: ` : ""}${isAction ? text.slice("/me ".length) : text}`;
      const lines = toLines(whole, maxTextBytes).map(line =>
        channel.say(person, line, isAction ? "action" : "privmsg"),
      );
      const [first] = lines;
      if (!first) throw new Error(`Cannot send to channel ${channel.name}`);
      return String(first.id);
    },
    edit: async () => {
      throw new Error("IRC has no edits: what is said is said; say it again");
    },
    remove: async () => {
      throw new Error("IRC cannot take a line back");
    },
    watch: changed => channel.watch(event => event.type === "line" && changed()),
  };
}
