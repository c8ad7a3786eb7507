import type { Block, Content, Inline, NetworkName } from "@fanin/core";
import { inlineText } from "@fanin/core";
import { isSnowflake } from "./snowflake.ts";

/** Longer ones arrive as text, which can be cut. */
const longestLink = 1000;

/**
 * Content → content that Discord's markdown can say: neighbours of one kind joined, marks not nested in themselves,
 * mentions of other networks and links that Discord would not draw as text. Nothing in it is too long for a message that
 * cannot be cut.
 */
export function tidy(content: Content, network: NetworkName): Content {
  return { type: "root", children: tidyBlocks(content.children, network) };
}

function tidyBlocks(blocks: readonly Block[], network: NetworkName): Block[] {
  return blocks.flatMap(block => tidyBlock(block, network));
}

function tidyBlock(block: Block, network: NetworkName): Block[] {
  switch (block.type) {
    case "paragraph": {
      const children = tidyInline(block.children, network, []);
      return children.length > 0 ? [{ ...block, children }] : [];
    }
    case "code": {
      const value = block.value.replaceAll("\r\n", "\n").replace(/^\n+|\n+$/g, "");
      return value === "" ? [] : [{ type: "code", value, ...langOf(block.lang) }];
    }
    case "blockquote": {
      // Discord's quotes don't nest: what is quoted in a quote is only quoted.
      const inside = tidyBlocks(block.children, network);
      const children = inside.flatMap(inner => (inner.type === "blockquote" ? inner.children : [inner]));
      return children.length > 0 ? [{ ...block, children }] : [];
    }
  }
}

function langOf(lang: string | undefined): { lang?: string } {
  return lang !== undefined && /^[\w+.#-]{1,50}$/.test(lang) ? { lang } : {};
}

function tidyInline(nodes: readonly Inline[], network: NetworkName, within: readonly string[]): Inline[] {
  return joined(nodes.flatMap(node => tidyNode(node, network, within)));
}

function tidyNode(node: Inline, network: NetworkName, within: readonly string[]): Inline[] {
  switch (node.type) {
    case "text":
      return lines(node.value);
    case "inlineCode":
      return node.value === "" ? [] : [node];
    case "break":
      return [node];
    case "userMention":
      return node.network === network && isSnowflake(node.person) ? [{ ...node, name: "" }] : lines(`@${node.name}`);
    case "customEmoji":
      return lines(`:${node.name}:`);
    case "link":
      return tidyLink(node, network, within);
    default: {
      const children = tidyInline(node.children, network, [...within, node.type]);
      const isSeen = inlineText(children).trim() !== "";
      return isSeen && !within.includes(node.type) ? [{ ...node, children }] : children;
    }
  }
}

function tidyLink(
  { url, children }: Extract<Inline, { type: "link" }>,
  network: NetworkName,
  within: readonly string[],
): Inline[] {
  const label = inlineText(children).trim();
  const inner = tidyInline(children, network, [...within, "link"]);
  if (within.includes("link")) return inner;
  const drawn = /^https?:\/\/\S+$/i.test(url) && url.length <= longestLink;
  if (label === "" || label === url) {
    return drawn ? [{ type: "link", url, children: [{ type: "text", value: url }] }] : lines(url);
  }
  // Discord draws no link whose label looks like another one, or has an unpaired bracket.
  const plain = !/https?:\/\//i.test(label) && isPaired(label) && label.length <= longestLink;
  if (drawn && plain)
    return [{ type: "link", url, children: inner.map(child => (child.type === "break" ? space : child)) }];
  return [...inner, ...lines(` (${url})`)];
}

const space: Inline = { type: "text", value: " " };

function isPaired(label: string): boolean {
  return !/[[\]]/.test(label.replaceAll(/\[[^[\]]*\]/g, ""));
}

function lines(text: string): Inline[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((value, line): Inline[] => [
      ...(line > 0 ? [{ type: "break" as const }] : []),
      ...(value === "" ? [] : [{ type: "text" as const, value }]),
    ]);
}

/** Neighbours that Discord could not tell apart become one. */
export function joined(nodes: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    const one = last && join(last, node);
    if (one) out[out.length - 1] = one;
    else out.push(node);
  }
  return out;
}

function join(a: Inline, b: Inline): Inline | undefined {
  if (a.type === "text" && b.type === "text") return { ...a, value: a.value + b.value };
  if (a.type === "inlineCode" && b.type === "inlineCode") return { ...a, value: a.value + b.value };
  if (a.type === "strong" && b.type === "strong") return { ...a, children: joined([...a.children, ...b.children]) };
  if (a.type === "emphasis" && b.type === "emphasis") return { ...a, children: joined([...a.children, ...b.children]) };
  if (a.type === "delete" && b.type === "delete") return { ...a, children: joined([...a.children, ...b.children]) };
  return undefined;
}
