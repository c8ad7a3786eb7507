import type { Block, Content, Inline, NetworkName } from "@fanin/core";
import { z } from "zod";
import { linesOf, paragraphsOf } from "./lines.ts";

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block: what Slack's own composer writes. */
const Style = z.object({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
});
export type Style = z.infer<typeof Style>;

const optionalText = z.string().optional().catch(undefined);

/** One run of a line; which fields it has depends on `type`, and new types keep coming. */
export const RichInline = z.object({
  type: z.string(),
  text: optionalText,
  url: optionalText,
  user_id: optionalText,
  channel_id: optionalText,
  usergroup_id: optionalText,
  range: optionalText,
  name: optionalText,
  unicode: optionalText,
  fallback: optionalText,
  value: optionalText,
  style: Style.optional().catch(undefined),
});
export type RichInline = z.infer<typeof RichInline>;

const Lines = z.object({
  type: z.enum(["rich_text_section", "rich_text_quote", "rich_text_preformatted"]),
  elements: z.array(RichInline),
});
const List = z.object({
  type: z.literal("rich_text_list"),
  style: z.enum(["bullet", "ordered"]).catch("bullet"),
  indent: z.number().catch(0),
  offset: z.number().catch(0),
  elements: z.array(z.object({ elements: z.array(RichInline) })),
});
export const RichElement = z.discriminatedUnion("type", [Lines, List]);
export type RichElement = z.infer<typeof RichElement>;

export const RichText = z.object({ type: z.literal("rich_text"), elements: z.array(RichElement) });
export type RichText = z.infer<typeof RichText>;

/** How an id reads: a person's, channel's or user group's name; undefined where nobody knows. */
export type NameOf = (id: string) => string | undefined;

/** Pure. Lists become lines with their bullets, as content has no lists yet. */
export function parseRichText(blocks: readonly RichText[], network: NetworkName, nameOf: NameOf): Content {
  const inline = (elements: readonly RichInline[]): Inline[] =>
    nest(
      elements.flatMap(element =>
        leavesOf(element, network, nameOf).map(node => ({ node, style: element.style ?? {} })),
      ),
    );
  const children = blocks.flatMap(({ elements }) => elements.flatMap(element => blocksOf(element, inline)));
  return { type: "root", children };
}

function blocksOf(element: RichElement, inline: (elements: readonly RichInline[]) => Inline[]): Block[] {
  switch (element.type) {
    case "rich_text_section":
      return paragraphsOf(inline(element.elements));
    case "rich_text_quote":
      return [{ type: "blockquote", children: paragraphsOf(inline(element.elements)) }];
    case "rich_text_preformatted":
      return [{ type: "code", value: element.elements.map(each => each.text ?? each.url ?? "").join("") }];
    case "rich_text_list":
      return paragraphsOf(
        element.elements.flatMap((item, index): Inline[] => [
          { type: "break" },
          { type: "text", value: `${"  ".repeat(element.indent)}${bullet(element, index)} ` },
          ...inline(item.elements),
        ]),
      );
  }
}

function bullet(list: z.infer<typeof List>, index: number): string {
  return list.style === "ordered" ? `${list.offset + index + 1}.` : "•";
}

interface Leaf {
  readonly node: Inline;
  readonly style: Style;
}

function leavesOf(element: RichInline, network: NetworkName, nameOf: NameOf): Inline[] {
  const { type, text, url, user_id, channel_id, usergroup_id, range, name, unicode, fallback, value, style } = element;
  if (type === "text" && style?.code) return text ? [{ type: "inlineCode", value: text }] : [];
  if (type === "link" && url) return [{ type: "link", url, children: linesOf(text || url) }];
  if (user_id) return [{ type: "userMention", network, person: user_id, name: nameOf(user_id) ?? user_id }];
  if (channel_id) return linesOf(`#${nameOf(channel_id) ?? channel_id}`);
  if (usergroup_id) return linesOf(`@${nameOf(usergroup_id) ?? usergroup_id}`);
  if (range) return linesOf(`@${range}`);
  if (type === "emoji" && name) return unicode ? linesOf(characterOf(unicode)) : [{ type: "customEmoji", name }];
  return linesOf(text ?? fallback ?? url ?? value ?? "");
}

const marks = [
  ["bold", "strong"],
  ["italic", "emphasis"],
  ["strike", "delete"],
] as const;

/** Neighbours of one style share its node: bold outside, then italic, then struck out. */
function nest(leaves: readonly Leaf[], level = 0): Inline[] {
  const mark = marks[level];
  if (!mark) return joinTexts(leaves.map(leaf => leaf.node));
  const [style, type] = mark;
  return runs(leaves, leaf => leaf.style[style] === true).flatMap(({ has, items }): Inline[] => {
    const children = nest(items, level + 1);
    return has ? [{ type, children }] : children;
  });
}

function runs<Item>(items: readonly Item[], test: (item: Item) => boolean): { has: boolean; items: Item[] }[] {
  const found: { has: boolean; items: Item[] }[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last?.has === test(item)) last.items.push(item);
    else found.push({ has: test(item), items: [item] });
  }
  return found;
}

function joinTexts(nodes: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (last?.type === "text" && node.type === "text")
      joined.splice(-1, 1, { type: "text", value: last.value + node.value });
    else joined.push(node);
  }
  return joined;
}

/** Slack writes code points as `1f44b-1f3fc`. */
export function characterOf(unicode: string): string {
  const points = unicode.split("-").map(point => Number.parseInt(point, 16));
  return points.every(point => point <= 0x10ffff) ? String.fromCodePoint(...points) : "";
}
