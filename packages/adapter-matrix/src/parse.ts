import { actionContent, type Content, type FileNote, plainContent, stripMarks } from "@fanin/core";
import type { Words } from "./payload.ts";

/** `formatted_body` → content; undefined where it can't be read. */
export type HtmlParser = (html: string) => Content | undefined;

export interface Read {
  readonly content: Content;
  readonly files: FileNote[];
}

function isHtml({ format, formatted_body }: Words): boolean {
  return format === "org.matrix.custom.html" && formatted_body !== undefined && formatted_body !== "";
}

/**
 * What a message says, without the name that MSC4144 puts before it, without quoted fallbacks of a reply, without
 * marks. `formatted_body` counts where there is a parser and it can be read, `body` otherwise.
 */
export function parse(words: Words, options: { name: string; isReply: boolean; parseHtml?: HtmlParser }): Read {
  const { filename, body } = words;
  if (!isFile(words)) return { content: text(words, options), files: [] };
  const size = words.info?.size;
  const file = { name: filename ?? body, ...(size === undefined ? {} : { sizeBytes: size }) };
  // A body that differs from the file's name is its caption.
  const hasCaption = filename !== undefined && filename !== body;
  return { content: hasCaption ? text(words, options) : { type: "root", children: [] }, files: [file] };
}

/** Stickers have no msgtype. */
function isFile({ msgtype }: Words): boolean {
  return msgtype === undefined || ["m.image", "m.file", "m.audio", "m.video"].includes(msgtype);
}

function text(words: Words, { name, isReply, parseHtml }: Parameters<typeof parse>[1]): Content {
  const html = isHtml(words) ? parseHtml?.(stripMarks(words.formatted_body ?? "")) : undefined;
  const content = html ?? plainContent(plainBody(words, isReply));
  return words.msgtype === "m.emote" ? actionContent(content, name) : content;
}

function plainBody(words: Words, isReply: boolean): string {
  const said = stripMarks(words.body);
  const body = isReply ? withoutQuote(said) : said;
  const prefix = `${profileName(words)}: `;
  const hasPrefix = words["com.beeper.per_message_profile"]?.has_fallback && body.startsWith(prefix);
  return hasPrefix ? body.slice(prefix.length) : body;
}

/** The name that a message is said under, where it is not the account's own. */
export function profileName(words: Words): string | undefined {
  return stripMarks(words["com.beeper.per_message_profile"]?.displayname ?? "") || undefined;
}

/** Until Matrix 1.13 the body of a reply began with a quotation: `> <@sender> …`, more lines of it, an empty line. */
function withoutQuote(body: string): string {
  return body.replace(/^> (?:\* )?<@[^>\n]*>.*\n(?:>.*\n)*\n?/, "");
}
