import { type Content, plainContent } from "@fanin/core";
import { type Names, parseMarkdown } from "./parse.ts";
import type { MessagePayload } from "./payload.ts";

const forward = 1;

/** What a message says, with a line of plain text for what has no other form, so that nothing is silent. */
export function contentOf(message: MessagePayload, names: Names): Content {
  const notice = notices.get(message.type);
  if (notice) return plainContent(notice(message.content));
  const said = parseMarkdown(message.content, namesIn(message, names));
  const further = [
    ...forwarded(message, names),
    ...(message.poll ? plainContent(pollLine(message.poll)).children : []),
    ...message.sticker_items.flatMap(({ name }) => plainContent(`(sticker: ${name})`).children),
  ];
  const children = [...said.children, ...further];
  if (children.length > 0 || message.attachments.length > 0) return { type: "root", children };
  return plainContent(embedText(message.embeds));
}

/** Names of people come with the message itself. */
function namesIn({ mentions }: Pick<MessagePayload, "mentions">, names: Names): Names {
  const user = (id: string) => {
    const mention = mentions.find(person => person.id === id);
    return mention ? (mention.member?.nick ?? mention.global_name ?? mention.username) : names.user(id);
  };
  return { ...names, user };
}

function forwarded(message: MessagePayload, names: Names): Content["children"] {
  if (message.message_reference?.type !== forward) return [];
  return message.message_snapshots.flatMap(({ message: original }): Content["children"] => {
    const quoted = parseMarkdown(original.content, namesIn(original, names)).children;
    const files = original.attachments.flatMap(({ filename }) => plainContent(`(file: ${filename})`).children);
    const inside = [...quoted, ...files];
    const children = inside.length > 0 ? inside : plainContent(embedText(original.embeds)).children;
    return [...plainContent("Forwarded:").children, { type: "blockquote", children }];
  });
}

function pollLine({ question, answers }: NonNullable<MessagePayload["poll"]>): string {
  const choices = answers.map(({ poll_media }) => poll_media.text ?? "?").join(" / ");
  return `Poll: ${question.text ?? ""} (${choices})`;
}

function embedText(embeds: MessagePayload["embeds"]): string {
  const lines = embeds.flatMap(({ title, description, url }) => [title, description, url].filter(Boolean));
  return lines.length > 0 ? lines.join("\n") : "(something that only Discord can show)";
}

/**
 * What the server itself says, in the name of who did it.
 * https://discord.com/developers/docs/resources/message#message-object-message-types
 */
const notices: ReadonlyMap<number, (content: string) => string> = new Map([
  [6, () => "(pinned a message)"],
  [7, () => "(joined the server)"],
  [8, () => "(boosted the server)"],
  [9, () => "(boosted the server to level 1)"],
  [10, () => "(boosted the server to level 2)"],
  [11, () => "(boosted the server to level 3)"],
  [18, (name: string) => `(started a thread: ${name})`],
  [46, () => "(a poll has ended)"],
]);

/** Ordinary messages, replies, and what commands answer. */
const spoken: readonly number[] = [0, 19, 20, 23];

/** False for what is no news to other networks: a thread's copy of its starter, recipients, calls. */
export function isRelayed(type: number): boolean {
  return spoken.includes(type) || notices.has(type);
}
