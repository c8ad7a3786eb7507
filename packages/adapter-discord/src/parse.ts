import type { Block, Content, Inline, NetworkName } from "@fanin/core";
import { joinBackticks } from "./fence.ts";
import { urlAt } from "./url.ts";

/** How the people and things that a text points at are called; undefined where that is not known. */
export interface Names {
  readonly network: NetworkName;
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/**
 * Discord's markdown → content. It is not CommonMark: a line feed is a break, `__` underlines (read as plain text, for
 * want of a node), quotes don't nest, headings and lists stay as they were typed. Never throws.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function parseMarkdown(text: string, names: Names): Content {
  return { type: "root", children: blocksOf(scan(text.replaceAll("\r\n", "\n"), { names, depth: 0, quoted: false })) };
}

/** What a scan finds, in order; a gap is an empty line between paragraphs. */
type Piece = Inline | Block | { readonly type: "gap" };

interface Where {
  readonly names: Names;
  /** How many marks enclose the text; blocks stand in none. */
  readonly depth: number;
  readonly quoted: boolean;
}

interface Found {
  readonly pieces: readonly Piece[];
  /** Where to read on. */
  readonly end: number;
}

const deepest = 12;

function scan(text: string, where: Where): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") pieces.push({ type: "text", value: plain });
    plain = "";
  };
  while (at < text.length) {
    const found = special(text, at, where);
    if (!found) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    const [only] = found.pieces;
    if (found.pieces.length === 1 && only?.type === "text") plain += only.value;
    else {
      flush();
      pieces.push(...found.pieces);
    }
    at = found.end;
  }
  flush();
  return pieces;
}

/** What begins here and is more than a character of text. */
function special(text: string, at: number, where: Where): Found | undefined {
  switch (text.charAt(at)) {
    case "\\":
      return match(/\\([^0-9A-Za-z\s])/y, text, at, ([, sign = ""]) => [{ type: "text", value: sign }]);
    case "`":
      return (where.depth === 0 ? codeBlock(text, at) : undefined) ?? inlineCode(text, at);
    case ">":
      return where.depth === 0 && !where.quoted ? quote(text, at, where) : undefined;
    case "\n":
      return match(/\n+/y, text, at, ([feeds]) => [{ type: feeds.length > 1 && where.depth === 0 ? "gap" : "break" }]);
    case "<":
      return bracketed(text, at, where.names);
    case "[":
      return where.depth < deepest ? maskedLink(text, at, where) : undefined;
    case "h":
    case "H":
      return bareLink(text, at);
    case "*":
    case "_":
    case "~":
      return where.depth < deepest ? mark(text, at, where) : undefined;
    default:
      return undefined;
  }
}

function match(
  pattern: RegExp,
  text: string,
  at: number,
  read: (groups: RegExpExecArray) => readonly Piece[] | undefined,
): Found | undefined {
  pattern.lastIndex = at;
  const groups = pattern.exec(text);
  const pieces = groups && read(groups);
  return groups && pieces ? { pieces, end: at + groups[0].length } : undefined;
}

function codeBlock(text: string, at: number): Found | undefined {
  return match(/```(?:([\w+.#-]+)\n)?\n*([^\n][\s\S]*?)\n*```/y, text, at, ([, lang, code = ""]) => [
    { type: "code", ...(lang === undefined ? {} : { lang }), value: joinBackticks(code) },
  ]);
}

function inlineCode(text: string, at: number): Found | undefined {
  return match(/(`{1,2})(?!`)([\s\S]*?[^`])\1(?!`)/y, text, at, ([, , code = ""]) => [
    { type: "inlineCode", value: joinBackticks(code.replace(/^ (?= *`)/, "").replace(/(` *) $/, "$1")) },
  ]);
}

function quote(text: string, at: number, where: Where): Found | undefined {
  if (at > 0 && text.charAt(at - 1) !== "\n") return undefined;
  const inside = (quoted: string): Piece[] => [
    { type: "blockquote", children: blocksOf(scan(quoted, { ...where, quoted: true })) },
  ];
  return (
    match(/>>> ([\s\S]*)/y, text, at, ([, all = ""]) => inside(all)) ??
    match(/> [^\n]*(?:\n> [^\n]*)*\n?/y, text, at, ([lines]) =>
      inside(lines.replace(/\n$/, "").replaceAll(/^> /gm, "")),
    )
  );
}

function bareLink(text: string, at: number): Found | undefined {
  if (/[0-9A-Za-z]/.test(text.charAt(at - 1))) return undefined;
  const url = urlAt(text, at);
  return url === undefined ? undefined : { pieces: [linkTo(url)], end: at + url.length };
}

function linkTo(url: string): Inline {
  return { type: "link", url, children: [{ type: "text", value: url }] };
}

function maskedLink(text: string, at: number, where: Where): Found | undefined {
  const label = /\[((?:\\[\s\S]|[^[\]\\]|\[(?:\\[\s\S]|[^[\]\\])*\])+)\]/y;
  label.lastIndex = at;
  const [whole, inner = ""] = label.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const target = /\(<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\)/iy;
  return match(target, text, at + whole.length, ([, url = ""]) => {
    const children = inlineOf(scan(inner, { ...where, depth: where.depth + 1 }));
    return children.some(({ type }) => type === "link") ? undefined : [{ type: "link", url, children }];
  });
}

/** Mentions, custom emoji, times, commands, and web addresses in `<…>`. */
function bracketed(text: string, at: number, names: Names): Found | undefined {
  const as = (value: string): readonly Piece[] => [{ type: "text", value }];
  return (
    match(/<@!?(\d+)>/y, text, at, ([, person = ""]) => {
      return [{ type: "userMention", network: names.network, person, name: names.user(person) ?? "someone" }];
    }) ??
    match(/<@&(\d+)>/y, text, at, ([, id = ""]) => as(`@${(names.role(id) ?? "role").replace(/^@/, "")}`)) ??
    match(/<#(\d+)>/y, text, at, ([, id = ""]) => as(`#${names.channel(id) ?? "channel"}`)) ??
    match(/<a?:(\w+):\d+>/y, text, at, ([, name = ""]) => [{ type: "customEmoji", name }]) ??
    match(/<t:(-?\d{1,12})(?::[tTdDfFsSR])?>/y, text, at, ([, seconds]) => as(dateText(Number(seconds)))) ??
    match(/<(\/[^\s:<>][^:<>]*):\d+>/y, text, at, ([, command = ""]) => as(command)) ??
    match(/<(https?:\/\/[^\s<>]+)>/iy, text, at, ([, url = ""]) => [linkTo(url)])
  );
}

function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const isOurs = date.getTime() >= 0 && date.getUTCFullYear() < 10_000;
  return isOurs ? `${date.toISOString().slice(0, 16).replace("T", " ")} UTC` : String(seconds);
}

function mark(text: string, at: number, where: Where): Found | undefined {
  const inside = (inner: string): Inline[] => inlineOf(scan(inner, { ...where, depth: where.depth + 1 }));
  return (
    match(/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, text, at, ([, inner = ""]) => {
      return [{ type: "strong", children: inside(inner) }];
    }) ??
    match(/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, text, at, ([, inner = ""]) => inside(inner)) ??
    match(/~~((?:\\[\s\S]|[^\\])+?)~~/y, text, at, ([, inner = ""]) => [{ type: "delete", children: inside(inner) }]) ??
    match(
      /\*(?=\S)((?:\\[\s\S]|\*\*|[^\\*])+?)(?<!\s)\*(?!\*)|_((?:\\[\s\S]|__|[^\\_])+?)_(?!\w)/y,
      text,
      at,
      ([, starred, underscored = ""]) => [{ type: "emphasis", children: inside(starred ?? underscored) }],
    )
  );
}

/** Inside a mark there are no blocks. */
function inlineOf(pieces: readonly Piece[]): Inline[] {
  return pieces.filter((piece): piece is Inline => piece.type !== "gap" && !isBlock(piece));
}

function isBlock(piece: Piece): piece is Block {
  return piece.type === "code" || piece.type === "blockquote" || piece.type === "paragraph";
}

/** Gathers inline pieces into paragraphs. Line feeds beside a block belong to the block. */
function blocksOf(pieces: readonly Piece[]): Block[] {
  const blocks: Block[] = [];
  let line: Inline[] = [];
  const end = () => {
    while (line[0]?.type === "break") line.shift();
    while (line.at(-1)?.type === "break") line.pop();
    if (line.length > 0) blocks.push({ type: "paragraph", children: line });
    line = [];
  };
  for (const piece of pieces) {
    if (piece.type === "gap") end();
    else if (isBlock(piece)) {
      end();
      blocks.push(piece);
    } else line.push(piece);
  }
  end();
  return blocks;
}
