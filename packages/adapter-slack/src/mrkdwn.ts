import type { Block, Content, Inline, NetworkName } from "@fanin/core";
import { emojiCharacter } from "./emoji.ts";
import { linesOf, paragraphsOf } from "./lines.ts";
import type { NameOf } from "./rich-text.ts";

const fence = /```\n?([\s\S]+?)\n?```/;
const quoteMark = /^(?:&gt;|>) ?/;

/** A marked span stands apart from words, hugs its text and stays on its line. */
const span = (sign: string, name: string): string =>
  String.raw`(?<![\p{L}\p{N}${sign}])${sign}(?=\S)(?<${name}>(?:<[^<>]*>|[^<${sign}\n])+?)(?<=\S)${sign}(?![\p{L}\p{N}${sign}])`;

const token = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<reference>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+'\\-]+(?:::skin-tone-[2-6])?):",
    span("\\*", "strong"),
    span("_", "emphasis"),
    span("~", "delete"),
  ].join("|"),
  "gu",
);

/** Pure; never throws. https://docs.slack.dev/messaging/formatting-message-text: what bots write and old clients wrote. */
export function parseMrkdwn(text: string, network: NetworkName, nameOf: NameOf): Content {
  const inline = (source: string): Inline[] => parseInline(source, network, nameOf);
  const children = text.split(fence).flatMap((part, index): Block[] => {
    if (index % 2 === 1) return [{ type: "code", value: unescaped(part) }];
    return quotesOf(part).flatMap(({ quoted, source }): Block[] => {
      const paragraphs = paragraphsOf(inline(source));
      return quoted ? [{ type: "blockquote", children: paragraphs }] : paragraphs;
    });
  });
  return { type: "root", children };
}

/** Reverses the three entities that Slack uses. */
function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Text that stands for itself: nothing in it is a mention, a link or an entity. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quotesOf(text: string): { quoted: boolean; source: string }[] {
  const found: { quoted: boolean; source: string }[] = [];
  for (const line of text.split("\n")) {
    const quoted = quoteMark.test(line);
    const source = line.replace(quoteMark, "");
    const last = found.at(-1);
    if (last?.quoted === quoted) last.source += `\n${source}`;
    else found.push({ quoted, source });
  }
  return found;
}

function parseInline(source: string, network: NetworkName, nameOf: NameOf): Inline[] {
  const nodes: Inline[] = [];
  let end = 0;
  for (const match of source.matchAll(token)) {
    nodes.push(...linesOf(unescaped(source.slice(end, match.index))));
    end = match.index + match[0].length;
    nodes.push(...nodesOf(match, network, nameOf));
  }
  return [...nodes, ...linesOf(unescaped(source.slice(end)))];
}

function nodesOf(match: RegExpExecArray, network: NetworkName, nameOf: NameOf): Inline[] {
  const { code, reference, emoji, ...spans } = match.groups ?? {};
  if (code !== undefined) return [{ type: "inlineCode", value: unescaped(code) }];
  if (reference !== undefined) return referenceOf(reference, network, nameOf);
  if (emoji !== undefined) return linesOf(emojiCharacter(emoji) ?? match[0]);
  for (const type of ["strong", "emphasis", "delete"] as const) {
    const inner = spans[type];
    if (inner !== undefined) return [{ type, children: parseInline(inner, network, nameOf) }];
  }
  return linesOf(match[0]);
}

/** `<@U…|name>`, `<#C…|name>`, `<!here>`, `<!subteam^S…|@handle>`, `<!date^…|fallback>`, `<url|label>`. */
function referenceOf(source: string, network: NetworkName, nameOf: NameOf): Inline[] {
  const bar = source.indexOf("|");
  const target = unescaped(bar < 0 ? source : source.slice(0, bar));
  const label = bar < 0 ? "" : unescaped(source.slice(bar + 1));
  const id = target.slice(1);
  if (/^@[UWB]/.test(target)) return [{ type: "userMention", network, person: id, name: nameOf(id) ?? (label || id) }];
  if (target.startsWith("#")) return linesOf(`#${label || (nameOf(id) ?? id)}`);
  if (target.startsWith("!subteam^")) return linesOf(label || `@${nameOf(target.slice(9)) ?? target.slice(9)}`);
  if (target.startsWith("!date^")) return linesOf(label || target);
  if (target.startsWith("!")) return linesOf(`@${id}`);
  return [{ type: "link", url: target, children: linesOf(label || target) }];
}
