import { type Block, type Inline, NetworkName } from "@fanin/core";
import type { Element, Root, RootContent } from "hast";
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
      const children = blocksOf(processor.runSync(processor.parse(html)), owner);
      return children.length > 0 ? { type: "root", children } : undefined;
    } catch {
      // Thousands of elements within each other, which no client makes: the body says it in words.
      return undefined;
    }
  };
}

/** Sorts elements into blocks; what stands between them becomes paragraphs. */
function blocksOf(parent: Root | Element, network: NetworkName): Block[] {
  const blocks: Block[] = [];
  let run = new InlineRun();
  const end = () => {
    const children = run.end();
    if (children.length > 0) blocks.push({ type: "paragraph", children });
    run = new InlineRun();
  };
  const visit = (node: RootContent): void => {
    const own = node.type === "element" ? blockOf(node, network) : undefined;
    if (!own) {
      // An inline element around blocks, such as <font><p>, counts as if it were not there.
      if (node.type === "element" && hasBlock(node)) for (const child of node.children) visit(child);
      else addInline(node, run, network);
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
function blockOf(element: Element, network: NetworkName): Block[] | undefined {
  const { tagName } = element;
  if (containers.has(tagName)) return blocksOf(element, network);
  switch (tagName) {
    case "blockquote":
      return [{ type: "blockquote", children: blocksOf(element, network) }];
    case "pre":
      return [codeOf(element)];
    case "ul":
    case "ol":
      return listOf(element, network);
    case "hr":
      return [{ type: "paragraph", children: [{ type: "text", value: "---" }] }];
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return blocksOf(element, network).map(block =>
        block.type === "paragraph" ? { ...block, children: [{ type: "strong", children: block.children }] } : block,
      );
    default:
      return undefined;
  }
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
function listOf(list: Element, network: NetworkName): Block[] {
  const items = list.children.filter(child => child.type === "element" && child.tagName === "li");
  const start = Number(list.properties["start"] ?? 1);
  const lines: Inline[] = [];
  const blocks: Block[] = [];
  for (const [index, item] of items.entries()) {
    const sign = list.tagName === "ol" ? `${(Number.isInteger(start) ? start : 1) + index}. ` : "• ";
    const [first, ...rest] = item.type === "element" ? blocksOf(item, network) : [];
    if (lines.length > 0) lines.push({ type: "break" });
    lines.push({ type: "text", value: sign });
    if (first?.type === "paragraph") lines.push(...first.children);
    else if (first) rest.unshift(first);
    if (rest.length === 0) continue;
    blocks.push({ type: "paragraph", children: lines.splice(0) }, ...rest);
  }
  if (lines.length > 0) blocks.push({ type: "paragraph", children: lines });
  return blocks;
}
