import { type Block, type Content, type Inline, inlineText, NetworkName } from "@fanin/core";
import { partBackticks } from "./fence.ts";
import { type Names, parseMarkdown } from "./parse.ts";
import { joined } from "./tidy.ts";
import { encodeForAngles, encodeForParentheses, urlAt } from "./url.ts";

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
      return writeParagraph(block);
    case "code":
      return `\`\`\`${block.lang ?? ""}\n${partBackticks(block.value, 3)}\n\`\`\``;
    case "blockquote":
      return writeBlocks(block.children).replaceAll(/^/gm, "> ");
  }
}

/** Discord's signs can't say every nesting. Where they would be read as something else, the text stands without marks. */
function writeParagraph({ children }: Extract<Block, { type: "paragraph" }>): string {
  const between: Between = { before: "break", after: "" };
  const written = writeInline(children, between);
  if (!children.some(isMark)) return written;
  const [read, ...further] = parseMarkdown(written, nameless).children;
  const isRead = further.length === 0 && read?.type === "paragraph" && shapeOf(read.children) === shapeOf(children);
  return isRead ? written : writeInline(joined(withoutMarks(children)), between);
}

function shapeOf(nodes: readonly Inline[]): string {
  return `${inlineText(nodes).trim()} ${kindsIn(nodes).sort().join(" ")}`;
}

function kindsIn(nodes: readonly Inline[]): string[] {
  return nodes.flatMap(node => {
    if (node.type === "text" || node.type === "break") return [];
    return [node.type, ...("children" in node ? kindsIn(node.children) : [])];
  });
}

const nameless: Names = {
  network: NetworkName.parse("discord"),
  user: () => "",
  role: () => undefined,
  channel: () => undefined,
};

function withoutMarks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap(node => (isMark(node) ? withoutMarks(node.children) : [node]));
}

function isMark(node: Inline): node is Extract<Inline, { type: "strong" | "emphasis" | "delete" }> {
  return node.type === "strong" || node.type === "emphasis" || node.type === "delete";
}

/** What a node stands between. */
interface Between {
  readonly before: "break" | "word" | "other";
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
      return wrap(["**"], writeInline(node.children, { before: "other", after: "**" }));
    case "emphasis":
      return wrap(emphasisBetween(between), writeInline(node.children, { before: "other", after: "_" }));
    case "delete":
      return wrap(["~~"], writeInline(node.children, { before: "other", after: "~~" }));
    case "link":
      return writeLink(node, between);
  }
}

/** An underscore means nothing inside a word. */
function emphasisBetween({ before, after }: Between): string[] {
  return before === "word" || /^\w/.test(after) ? ["*"] : ["_", "*"];
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
  // The space that parts a backtick from the fence is no part of the code.
  const code = partBackticks(value, 2)
    .replace(/^(?= *`)/, " ")
    .replace(/(?<=` *)$/, " ");
  return `\`\`${code}\`\``;
}

function writeLink(node: Extract<Inline, { type: "link" }>, between: Between): string {
  const [only] = node.children;
  if (only?.type === "text" && only.value === node.url) return writeUrl(node.url, between);
  const label = writeInline(node.children, { before: "other", after: "]" });
  return `[${label}](${encodeForParentheses(node.url)})`;
}

/** As people paste it, if it is seen to begin and to end where it does. */
function writeUrl(url: string, { before, after }: Between): string {
  return before !== "word" && urlAt(url + after, 0) === url ? url : `<${encodeForAngles(url)}>`;
}

function writeText(text: string, { before, after }: Between): string {
  const start = /(?<![A-Za-z0-9])https?:\/\/[^\s<>.,:;"')\]]/i.exec(text)?.index;
  const url = start === undefined ? undefined : urlAt(text, start);
  if (start === undefined || url === undefined) return escapeSigns(text, before === "break");
  const end = start + url.length;
  const rest = writeText(text.slice(end), { before: "other", after });
  return (
    escapeSigns(text.slice(0, start), before === "break") +
    writeUrl(url, { before: "other", after: rest + after }) +
    rest
  );
}

function escapeSigns(text: string, startsLine: boolean): string {
  const escaped = text.replaceAll(/[\\*_~`|<>[\]]|@(?=everyone|here)/g, "\\$&");
  return startsLine ? escaped.replace(/^(\s*)(#{1,3}|-#?|\d+(?=\.))(?=[\s.]|$)/, escapeStart) : escaped;
}

/** What would make a heading, a list or small print of the line. */
function escapeStart(_: string, space: string, sign: string): string {
  return /^\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`;
}
