import { lostAnswer, shownName } from "@fanin/core";
import { readMessageId } from "./spot.ts";

/** The message that a part answers. */
export interface Answered {
  /** As `readMessageId` takes it; absent where the channel does not have the message. */
  readonly message?: string;
  readonly author?: string;
}

/** How long the line gets at most, with its line feed, in UTF-16 units. */
export const maxAnswerLine = 260;

const small = "-# ";
const start = `${small}↪ `;

/** The line that stands in for a reply, which webhooks cannot send: small print that links to the message. */
export function answerLine({ message, author }: Answered, guild: string | undefined, channel: string): string {
  if (message === undefined) return `${small}${lostAnswer}\n`;
  const label = labelOf(author);
  if (guild === undefined) return `${start}${label}\n`;
  const at = readMessageId(message);
  return `${start}[${label}](https://discord.com/channels/${guild}/${at.thread ?? channel}/${at.message})\n`;
}

/** The line of a message that has one: it stays when the text below it is edited. */
export function answerLineOf(content: string): string {
  return content.startsWith(start) ? `${content.split("\n", 1)[0]}\n` : "";
}

function labelOf(author = ""): string {
  const unnamed = "a message";
  const name = shownName({ id: unnamed, name: author }, 80);
  // A label that looks like an address is not drawn as a link.
  return name.includes("://") ? unnamed : name.replaceAll(/[\\*_~`|<>[\]()@#:]/g, "\\$&");
}
