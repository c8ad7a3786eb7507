import { z } from "zod";
import { NetworkName } from "./ids.ts";

/**
 * What a message says, as an mdast tree (https://github.com/syntax-tree/mdast) with nodes of our own for what Markdown
 * has no word for. Standard emoji are text; mentions are nodes, never replaced text.
 */
const Text = z.object({ type: z.literal("text"), value: z.string() });
const Break = z.object({ type: z.literal("break") });
const InlineCode = z.object({ type: z.literal("inlineCode"), value: z.string() });
/** A person on `network`. Inert (`@name`) everywhere else. */
const UserMention = z.object({
  type: z.literal("userMention"),
  network: NetworkName,
  person: z.string().min(1),
  name: z.string(),
});
/** An emoji that only its own network can draw; `name` without colons. */
const CustomEmoji = z.object({ type: z.literal("customEmoji"), name: z.string().min(1) });

const Strong = z.object({
  type: z.literal("strong"),
  get children() {
    return z.array(Inline);
  },
});
const Emphasis = z.object({
  type: z.literal("emphasis"),
  get children() {
    return z.array(Inline);
  },
});
const Delete = z.object({
  type: z.literal("delete"),
  get children() {
    return z.array(Inline);
  },
});
const Link = z.object({
  type: z.literal("link"),
  url: z.string().min(1),
  get children() {
    return z.array(Inline);
  },
});

export const Inline = z.discriminatedUnion("type", [
  Text,
  Break,
  InlineCode,
  UserMention,
  CustomEmoji,
  Strong,
  Emphasis,
  Delete,
  Link,
]);
export type Inline = z.infer<typeof Inline>;

const Paragraph = z.object({ type: z.literal("paragraph"), children: z.array(Inline) });
const Code = z.object({ type: z.literal("code"), lang: z.string().optional(), value: z.string() });
const Blockquote = z.object({
  type: z.literal("blockquote"),
  get children() {
    return z.array(Block);
  },
});

export const Block = z.discriminatedUnion("type", [Paragraph, Code, Blockquote]);
export type Block = z.infer<typeof Block>;

export const Content = z.object({ type: z.literal("root"), children: z.array(Block) });
export type Content = z.infer<typeof Content>;

/** Every kind of node that content may hold; capabilities answer for each. */
export type NodeType = Inline["type"] | Block["type"];

/** Content of one plain paragraph; line feeds become breaks. */
export function plainContent(text: string): Content {
  const children = text
    .split("\n")
    .flatMap((value, line): Inline[] => [...(line > 0 ? [{ type: "break" as const }] : []), { type: "text", value }])
    .filter(node => node.type !== "text" || node.value !== "");
  return { type: "root", children: children.length > 0 ? [{ type: "paragraph", children }] : [] };
}
