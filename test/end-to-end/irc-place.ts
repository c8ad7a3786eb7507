import { stripMarks } from "@fanin/core";
import { connectIrc, type IrcClient } from "../real/irc-client.ts";
import { createRealPlace, type RealPlace } from "./real-place.ts";

export interface IrcPlace extends RealPlace {
  /** The lines as they came over the wire, without invisible marks. */
  lines(): string[];
  quit(): Promise<void>;
}

/** A channel on a real IRC server with one person who speaks and one who only reads, so that an echo would be seen too. */
export async function ircPlace(port: number, channel: string, nick: string): Promise<IrcPlace> {
  const reader = await connectIrc({ port, channel, nick: `${nick}-reads` });
  const speaker = await connectIrc({ port, channel, nick });
  const place = createRealPlace({
    name: "irc",
    people: [{ id: nick, name: nick }],
    canEdit: false,
    read: async () =>
      reader.lines().map((line, index) => ({
        id: String(index),
        author: line.nick,
        relayed: line.nick !== nick,
        text: stripMarks(line.text),
        edited: false,
        at: 0,
      })),
    say: async (_person, text) => {
      speaker.say(text);
      await reader.line(said(nick, text));
      return String(reader.lines().findLastIndex(said(nick, text)));
    },
    edit: () => Promise.reject(new Error("IRC has no edits")),
    remove: () => Promise.reject(new Error("IRC has no deletes")),
  });
  return {
    ...place,
    lines: () => reader.lines().map(({ text }) => stripMarks(text)),
    quit: async () => void (await Promise.all([reader.quit(), speaker.quit()])),
  };
}

type Line = ReturnType<IrcClient["lines"]>[number];

function said(nick: string, text: string) {
  return (line: Line): boolean => line.nick === nick && line.text === text;
}
