import { z } from "zod";
import { emojiCharacter } from "./emoji.ts";
import { richText } from "./rich-text.ts";

const inline = z.object({
  type: z.string(),
  text: z.string().optional(),
  url: z.string().optional(),
  user_id: z.string().optional(),
  channel_id: z.string().optional(),
  usergroup_id: z.string().optional(),
  range: z.string().optional(),
  name: z.string().optional(),
  unicode: z.string().optional(),
  fallback: z.string().optional(),
});
const lines = z.object({ elements: z.array(inline) });
const list = z.object({ type: z.literal("rich_text_list"), elements: z.array(lines) });
const richTextBlock = z.object({ type: z.literal("rich_text"), elements: z.array(z.union([list, lines])) });
const textBlock = z.object({ text: z.object({ type: z.enum(["mrkdwn", "plain_text"]), text: z.string() }) });
const block = z.union([richTextBlock, textBlock]);

/** How ids read on the screen, by Slack's letters: users, channels, user groups. */
export type NameOf = (id: string) => string;

/** What a person reads: blocks where there are any that hold text, else the text; mentions by name, no markup. */
export function shownText(
  message: { readonly text: string; readonly blocks?: readonly unknown[] },
  name: NameOf,
): string {
  const blocks = (message.blocks ?? []).map(each => block.safeParse(each)).flatMap(parsed => parsed.data ?? []);
  if (blocks.length === 0) return mrkdwnShown(message.text, name);
  return blocks
    .map(each => {
      if ("elements" in each) return richTextShown(each.elements, name);
      return each.text.type === "mrkdwn" ? mrkdwnShown(each.text.text, name) : each.text.text;
    })
    .join("\n");
}

function mrkdwnShown(text: string, name: NameOf): string {
  return richTextShown(z.array(lines).parse(richText(text, () => false).elements), name);
}

function richTextShown(elements: readonly (z.infer<typeof list> | z.infer<typeof lines>)[], name: NameOf): string {
  const lineOf = (part: z.infer<typeof lines>): string =>
    part.elements
      .map(each => inlineShown(each, name))
      .join("")
      .replace(/\n$/, "");
  return elements.flatMap(part => ("type" in part ? part.elements.map(lineOf) : [lineOf(part)])).join("\n");
}

function inlineShown(part: z.infer<typeof inline>, name: NameOf): string {
  if (part.user_id) return `@${name(part.user_id)}`;
  if (part.channel_id) return `#${name(part.channel_id)}`;
  if (part.usergroup_id) return `@${name(part.usergroup_id)}`;
  if (part.range) return `@${part.range}`;
  if (part.type === "emoji") return part.unicode ? emojiCharacter(part.unicode) : `:${part.name}:`;
  return part.text ?? part.fallback ?? part.url ?? "";
}
