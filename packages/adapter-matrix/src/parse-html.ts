import { type Block, type Inline, NetworkName } from "@fanin/core";
import type { Element, ElementContent, Root, RootContent } from "hast";
import rehypeParse from "rehype-parse";
import rehypeSanitize, { type Options } from "rehype-sanitize";
import { unified } from "unified";
import { InlineRun } from "./inline-run.ts";
import type { HtmlParser } from "./parse.ts";
import { addInline, rawText } from "./parse-inline.ts";

/** What a message may hold: https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes */
const allowed: Options = {
  tagNames: [
    ...["a", "b", "blockquote", "br", "caption", "code", "del", "details", "div", "em", "font", "h1", "h2", "h3", "h4"],
    ...["h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strike", "strong", "sub", "summary", "sup"],
    ...["table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"],
  ],
  attributes: {
    a: ["href"],
    code: ["className"],
    img: ["alt", "title", "dataMxEmoticon"],
    ol: ["start"],
    span: ["dataMxSpoiler"],
    strong: ["dataMxProfileFallback"],
  },
  protocols: { href: ["http", "https", "ftp", "mailto", "magnet", "matrix"] },
  // Elements that go with what is in them; others leave their words behind. The quotation of a reply is not this message.
  strip: ["script", "style", "mx-reply"],
};

/** Reads the HTML of a `formatted_body`; a link to somebody is a mention of a person on `network`. */
export function createHtmlParser(network: string): HtmlParser {
  const processor = unified().use(rehypeParse, { fragment: true }).use(rehypeSanitize, allowed);
  const owner = NetworkName.parse(network);
  return html => {
    try {
      const children = blocksOf(processor.runSync(processor.parse(html)), { network: owner, quotes: 0 });
      return children.length > 0 ? { type: "root", children } : undefined;
    } catch {
      // Thousands of elements within each other, which no client makes: the body says it in words.
      return undefined;
    }
  };
}

interface Where {
  readonly network: NetworkName;
  /** How many quotes enclose it. */
  readonly quotes: number;
}

/** What is quoted more often than this is only quoted this often: every line repeats the signs of its quotes. */
const mostQuotes = 5;

/** Sorts elements into blocks; what stands between them becomes paragraphs. */
function blocksOf(parent: Root | Element, where: Where): Block[] {
  const blocks: Block[] = [];
  let run = new InlineRun();
  const end = () => {
    const children = run.end();
    if (children.length > 0) blocks.push({ type: "paragraph", children });
    run = new InlineRun();
  };
  const visit = (node: RootContent): void => {
    const own = node.type === "element" ? blockOf(node, where) : undefined;
    if (!own) {
      // An inline element around blocks, such as <font><p>, counts as if it were not there.
      if (node.type === "element" && hasBlock(node)) for (const child of node.children) visit(child);
      else addInline(node, run, where.network);
      return;
    }
    end();
    blocks.push(...own);
  };
  for (const child of parent.children) visit(child);
  end();
  return blocks;
}

const containers = new Set([
  "p",
  "div",
  "details",
  "summary",
  "table",
  "thead",
  "tbody",
  "tfoot",
  "tr",
  "caption",
  "li",
]);
const blockTags = new Set([...containers, "blockquote", "pre", "ul", "ol", "hr", "h1", "h2", "h3", "h4", "h5", "h6"]);

function hasBlock(element: Element): boolean {
  return element.children.some(child => child.type === "element" && (blockTags.has(child.tagName) || hasBlock(child)));
}

/** The blocks that a block element makes; undefined for an inline element. */
function blockOf(element: Element, where: Where): Block[] | undefined {
  const { tagName } = element;
  if (containers.has(tagName)) return blocksOf(element, where);
  switch (tagName) {
    case "blockquote":
      return quoteOf(element, where);
    case "pre":
      return [codeOf(element)];
    case "ul":
    case "ol":
      return listOf(element, where);
    case "hr":
      return [{ type: "paragraph", children: [{ type: "text", value: "---" }] }];
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return blocksOf(element, where).map(block =>
        block.type === "paragraph" ? { ...block, children: [{ type: "strong", children: block.children }] } : block,
      );
    default:
      return undefined;
  }
}

function quoteOf(element: Element, where: Where): Block[] {
  if (where.quotes === mostQuotes) return blocksOf(element, where);
  return [{ type: "blockquote", children: blocksOf(element, { ...where, quotes: where.quotes + 1 }) }];
}

function codeOf(pre: Element): Block {
  const code = pre.children.find(child => child.type === "element" && child.tagName === "code");
  const names = code?.type === "element" ? code.properties["className"] : undefined;
  const language = (Array.isArray(names) ? names : []).map(String).find(name => name.startsWith("language-"));
  const lang = language?.slice("language-".length);
  // The line feed before </code> is part of the notation.
  return { type: "code", ...(lang ? { lang } : {}), value: rawText(pre).replace(/\n$/, "") };
}

/** There are no lists in content yet: every item becomes a line, or blocks of its own where it is more than one. */
function listOf(list: Element, where: Where, indent = ""): Block[] {
  const items = list.children.filter(child => child.type === "element" && child.tagName === "li");
  const start = Number(list.properties["start"] ?? 1);
  const lines: Inline[] = [];
  const blocks: Block[] = [];
  const add = (block: Block | undefined): void => {
    if (block?.type === "paragraph") lines.push(...block.children);
    else if (block) blocks.push({ type: "paragraph", children: lines.splice(0) }, block);
  };
  for (const [index, item] of items.entries()) {
    if (item.type !== "element") continue;
    const sign = list.tagName === "ol" ? `${(Number.isInteger(start) ? start : 1) + index}. ` : "• ";
    const { own, lists } = withoutLists(item);
    const [first, ...rest] = blocksOf(own, where);
    if (lines.length > 0) lines.push({ type: "break" });
    lines.push({ type: "text", value: indent + sign });
    add(first);
    if (rest.length > 0) blocks.push({ type: "paragraph", children: lines.splice(0) }, ...rest);
    for (const inner of lists.flatMap(nested => listOf(nested, where, `${indent}\u2003`))) {
      if (lines.length > 0 && inner.type === "paragraph") lines.push({ type: "break" });
      add(inner);
    }
  }
  if (lines.length > 0) blocks.push({ type: "paragraph", children: lines });
  return blocks;
}

/** An item, and the lists that it ends with. */
function withoutLists(item: Element): { own: Element; lists: Element[] } {
  const isList = (child: ElementContent): child is Element =>
    child.type === "element" && (child.tagName === "ul" || child.tagName === "ol");
  const isSpace = (child: ElementContent): boolean => child.type === "text" && child.value.trim() === "";
  const last = item.children.findLastIndex(child => !isList(child) && !isSpace(child));
  const own = { ...item, children: item.children.slice(0, last + 1) };
  return { own, lists: item.children.slice(last + 1).filter(isList) };
}
