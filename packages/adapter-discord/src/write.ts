import type { Block, Content, Inline } from "@fanin/core";
import { partBackticks } from "./fence.ts";
import { encodeForMarkdown, urlAt } from "./url.ts";

/** Tidied content → Discord's markdown. Plain text arrives literally: every sign that means something is escaped. */
export function writeMarkdown(content: Content): string {
  return writeBlocks(content.children);
}

function writeBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block, index) => {
      const before = blocks[index - 1];
      // Two paragraphs, or two quotes, would run into one.
      const gap = before === undefined ? "" : before.type === block.type && block.type !== "code" ? "\n\n" : "\n";
      return gap + writeBlock(block);
    })
    .join("");
}

function writeBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return writeInline(block.children, { before: "break", after: "" });
    case "code":
      return `\`\`\`${block.lang ?? ""}\n${partBackticks(block.value, 3)}\n\`\`\``;
    case "blockquote":
      return writeBlocks(block.children).replaceAll(/^/gm, "> ");
  }
}

/** What a node stands between. */
interface Between {
  readonly before: "break" | "word" | "star" | "other";
  /** What is written behind it already: nodes are written from the last to the first. */
  readonly after: string;
}

function writeInline(nodes: readonly Inline[], { before, after }: Between): string {
  return nodes.reduceRight((written, node, index) => {
    const previous = nodes[index - 1];
    return writeNode(node, { before: previous ? ending(previous) : before, after: written + after }) + written;
  }, "");
}

function ending(node: Inline): Between["before"] {
  if (node.type === "break") return "break";
  if (node.type === "strong" || node.type === "emphasis") return "star";
  return node.type === "text" && /\w$/.test(node.value) ? "word" : "other";
}

function writeNode(node: Inline, between: Between): string {
  switch (node.type) {
    case "text":
      return writeText(node.value, between);
    case "break":
      return "\n";
    case "inlineCode":
      return writeCode(node.value);
    case "userMention":
      return `<@${node.person}>`;
    case "customEmoji":
      return writeText(`:${node.name}:`, between);
    case "strong":
      return wrap(["**"], writeInline(node.children, { before: "star", after: "**" }));
    case "emphasis":
      return wrap(emphasisBetween(between), writeInline(node.children, { before: "other", after: "_" }));
    case "delete":
      return wrap(["~~"], writeInline(node.children, { before: "other", after: "~~" }));
    case "link":
      return writeLink(node, between);
  }
}

/** An underscore means nothing inside a word, a star nothing beside another one. */
function emphasisBetween({ before, after }: Between): string[] {
  const insideWord = before === "word" || /^\w/.test(after);
  const besideStar = before === "star" || after.startsWith("*");
  return [...(insideWord ? [] : ["_"]), ...(besideStar ? [] : ["*"])];
}

/** Puts the first of the signs around the text that the text does not contain; none where it contains all. */
function wrap(signs: readonly string[], inner: string): string {
  const [, lead = "", core = "", trail = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inner) ?? [];
  const bare = core.replaceAll(/\\[\s\S]/g, "");
  const sign = signs.find(
    one => !bare.includes(one) && !bare.startsWith(one.charAt(0)) && !bare.endsWith(one.charAt(0)),
  );
  return core === "" || sign === undefined ? inner : lead + sign + core + sign + trail;
}

function writeCode(value: string): string {
  if (!value.includes("`")) return `\`${value}\``;
  const code = partBackticks(value, 2);
  return /^ *`|` *$/.test(code) ? `\`\` ${code} \`\`` : `\`\`${code}\`\``;
}

function writeLink(node: Extract<Inline, { type: "link" }>, between: Between): string {
  const [only] = node.children;
  if (only?.type === "text" && only.value === node.url) return writeUrl(node.url, between.after);
  const label = writeInline(node.children, { before: "other", after: "]" });
  return `[${label}](${encodeForMarkdown(node.url)})`;
}

/** As people paste it, if nothing that follows would be taken for a part of it. */
function writeUrl(url: string, after: string): string {
  const isWhole = urlAt(url, 0) === url && /^(?:[.,:;"']*(?:\s|$)|\))/.test(after);
  return isWhole && !(after.startsWith(")") && url.includes("(")) ? url : `<${encodeForMarkdown(url)}>`;
}

function writeText(text: string, { before, after }: Between): string {
  const start = /(?<![A-Za-z0-9])https?:\/\/[^\s<>.,:;"')\]]/i.exec(text)?.index;
  const url = start === undefined ? undefined : urlAt(text, start);
  if (start === undefined || url === undefined) return escapeSigns(text, before === "break");
  const end = start + url.length;
  const rest = writeText(text.slice(end), { before: "other", after });
  return escapeSigns(text.slice(0, start), before === "break") + writeUrl(url, rest + after) + rest;
}

function escapeSigns(text: string, startsLine: boolean): string {
  const escaped = text.replaceAll(/[\\*_~`|<>[\]]|@(?=everyone|here)/g, "\\$&");
  return startsLine ? escaped.replace(/^(\s*)(#{1,3}|-#?|\d+(?=\.))(?=[\s.]|$)/, escapeStart) : escaped;
}

/** What would make a heading, a list or small print of the line. */
function escapeStart(_: string, space: string, sign: string): string {
  return /^\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`;
}
