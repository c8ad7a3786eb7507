import { actionContent, type Content, type FileNote, type NetworkName } from "@fanin/core";
import { parseMrkdwn } from "./mrkdwn.ts";
import type { SlackMessage } from "./payload.ts";
import { type NameOf, parseRichText, RichText } from "./rich-text.ts";

/**
 * What a message says. Pure, never throws: rich_text blocks where it consists of them, as people's do, else its
 * mrkdwn text, else what its attachments say.
 */
export function parseMessage(message: SlackMessage, network: NetworkName, nameOf: NameOf): Content {
  const blocks = (message.blocks ?? []).map(block => RichText.safeParse(block));
  const rich = blocks.flatMap(block => (block.success ? [block.data] : []));
  const content =
    rich.length > 0 && rich.length === blocks.length
      ? parseRichText(rich, network, nameOf)
      : parseMrkdwn(message.text || attached(message), network, nameOf);
  if (message.subtype !== "me_message") return content;
  return actionContent(content, message.username || nameOf(message.user ?? "") || (message.user ?? "somebody"));
}

export function filesOf(message: SlackMessage): FileNote[] {
  return (message.files ?? []).map(({ name, title, size }) => ({
    name: name || title || "file",
    ...(size && size > 0 && { sizeBytes: Math.floor(size) }),
  }));
}

function attached(message: SlackMessage): string {
  const texts = (message.attachments ?? []).map(
    ({ pretext, title, title_link: link, text, fallback }) =>
      [pretext, title && link ? `<${link}|${title}>` : title, text].filter(Boolean).join("\n") || fallback,
  );
  return texts.filter(Boolean).join("\n");
}
