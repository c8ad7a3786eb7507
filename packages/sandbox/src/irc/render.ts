import { type Content, type MatrixEvent, recordAt, relationOf, stringAt } from "../matrix/event.ts";
import type { LineKind } from "./channel.ts";
import { htmlToCodes } from "./formatting.ts";
import { lineLimit, toLines } from "./lines.ts";

/** A message the bridge remembers: what stands on IRC of it now. */
export interface Remembered {
  readonly nick: string;
  readonly text: string;
  readonly at: number;
}

export interface RenderContext {
  /** Bytes of text that fit a line of this sender. */
  readonly budget: number;
  remembered(eventId: string): Remembered | undefined;
  /** Where a file of the homeserver could once be had without logging in. */
  fileUrl(mxc: string): string;
}

/** What the bridge says on IRC. `text` is the whole, `lines` what is left of it within the bridge's limits. */
export interface IrcMessage {
  readonly kind: LineKind;
  readonly text: string;
  readonly lines: readonly string[];
}

const shortReplyMs = 5 * 60_000;
const kinds: Readonly<Record<string, LineKind>> = {
  "m.text": "privmsg",
  "m.notice": "notice",
  "m.emote": "action",
  "m.image": "action",
  "m.file": "action",
  "m.video": "action",
  "m.audio": "action",
};

/** A Matrix event as IRC lines, as matrix-appservice-irc was seen to write it; undefined for what it does not show. */
export function renderToIrc(event: MatrixEvent, context: RenderContext): IrcMessage | undefined {
  const kind = kinds[stringAt(event.content, "msgtype") ?? ""];
  if (event.type !== "m.room.message" || kind === undefined) return undefined;
  const url = stringAt(event.content, "url");
  const text = url === undefined ? said(event, context) : fileText(event.content, context.fileUrl(url));
  return text === undefined ? undefined : { kind, text, lines: cut(text, event, context) };
}

function said(event: MatrixEvent, context: RenderContext): string | undefined {
  const { content } = event;
  const relation = relationOf(content);
  if (relation?.type === "m.replace") return editText(content, context.remembered(relation.target));
  const reply = stringAt(recordAt(recordAt(content, "m.relates_to"), "m.in_reply_to"), "event_id");
  const answered = reply === undefined ? undefined : context.remembered(reply);
  if (!answered) return ownText(content);
  const text = ownText({ ...content, body: (stringAt(content, "body") ?? "").replace(/^(> .*\n)+\n?/, "") });
  if (event.origin_server_ts - answered.at <= shortReplyMs) return `${answered.nick}: ${text}`;
  return `<${answered.nick}> "${answered.text}" <- ${text}`;
}

function ownText(content: Content): string {
  const html = content["format"] === "org.matrix.custom.html" ? stringAt(content, "formatted_body") : undefined;
  return (html === undefined ? undefined : htmlToCodes(html)) ?? stringAt(content, "body") ?? "";
}

/** One changed run of words is written as `s/old/new/` where that is shorter; else the edit's fallback, `* new text`. */
function editText(content: Content, before: Remembered | undefined): string {
  const fallback = stringAt(content, "body") ?? "";
  const after = stringAt(recordAt(content, "m.new_content"), "body");
  if (!before || after === undefined) return fallback;
  const old = before.text.split(" ");
  const changed = after.split(" ");
  let start = 0;
  while (start < old.length && start < changed.length && old[start] === changed[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(old.length, changed.length) - start &&
    old[old.length - 1 - end] === changed[changed.length - 1 - end]
  ) {
    end += 1;
  }
  const removed = old.slice(start, old.length - end).join(" ");
  const added = changed.slice(start, changed.length - end).join(" ");
  const substitution = `s/${removed}/${added}/`;
  const isShort = substitution.length < fallback.length && !substitution.includes("\n");
  return removed !== "" && isShort ? substitution : fallback;
}

function fileText(content: Content, url: string): string {
  const name = stringAt(content, "filename") ?? stringAt(content, "body") ?? "file";
  return `uploaded ${content["msgtype"] === "m.image" ? "an image" : "a file"}: ${name} < ${url} >`;
}

function cut(text: string, event: MatrixEvent, context: RenderContext): readonly string[] {
  const lines = toLines(text, context.budget);
  if (lines.length <= lineLimit) return lines;
  const rest = `... (full message at <${context.fileUrl(`mxc://${event.sender.split(":")[1]}/${event.event_id.slice(1)}`)}>)`;
  const [first = ""] = toLines(text, context.budget - Buffer.byteLength(rest));
  return [`${first}${rest}`];
}
