import { z } from "zod";
import { NetworkName } from "./ids.ts";

/**
 * What a message says, as an mdast tree (https://github.com/syntax-tree/mdast) with nodes of our own for what Markdown
 * has no word for. Standard emoji are text; mentions are nodes, never replaced text.
 *
 * The types are written out: declarations cannot infer a recursive one. The schemas below must agree with them.
 */
export interface Content {
  type: "root";
  children: Block[];
}

export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "code"; lang?: string | undefined; value: string }
  | { type: "blockquote"; children: Block[] };

export type Inline =
  | { type: "text"; value: string }
  | { type: "break" }
  | { type: "inlineCode"; value: string }
  /** A person on `network`. Inert (`@name`) everywhere else. */
  | { type: "userMention"; network: NetworkName; person: string; name: string }
  /** An emoji that only its own network can draw; `name` without colons. */
  | { type: "customEmoji"; name: string }
  | { type: "strong"; children: Inline[] }
  | { type: "emphasis"; children: Inline[] }
  | { type: "delete"; children: Inline[] }
  | { type: "link"; url: string; children: Inline[] };

/** Every kind of node that content may hold; capabilities answer for each. */
export type NodeType = Inline["type"] | Block["type"];

const inlines: z.ZodType<Inline[]> = z.lazy(() => z.array(Inline));
const blocks: z.ZodType<Block[]> = z.lazy(() => z.array(Block));

export const Inline: z.ZodType<Inline> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), value: z.string() }),
  z.object({ type: z.literal("break") }),
  z.object({ type: z.literal("inlineCode"), value: z.string() }),
  z.object({ type: z.literal("userMention"), network: NetworkName, person: z.string().min(1), name: z.string() }),
  z.object({ type: z.literal("customEmoji"), name: z.string().min(1) }),
  z.object({ type: z.literal("strong"), children: inlines }),
  z.object({ type: z.literal("emphasis"), children: inlines }),
  z.object({ type: z.literal("delete"), children: inlines }),
  z.object({ type: z.literal("link"), url: z.string().min(1), children: inlines }),
]);

export const Block: z.ZodType<Block> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("paragraph"), children: inlines }),
  z.object({ type: z.literal("code"), lang: z.string().optional(), value: z.string() }),
  z.object({ type: z.literal("blockquote"), children: blocks }),
]);

export const Content: z.ZodType<Content> = z.object({ type: z.literal("root"), children: blocks });

/** Content of one plain paragraph; line ends of any kind become breaks. */
export function plainContent(text: string): Content {
  const children = text
    .split(/\r\n?|\n/)
    .flatMap((value, line): Inline[] => [...(line > 0 ? [{ type: "break" as const }] : []), { type: "text", value }])
    .filter(node => node.type !== "text" || node.value !== "");
  return { type: "root", children: children.length > 0 ? [{ type: "paragraph", children }] : [] };
}
