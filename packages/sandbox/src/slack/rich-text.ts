import { isDeepStrictEqual } from "node:util";
import { emojiUnicode } from "./emoji.ts";
import { unescaped } from "./stored-text.ts";

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block, as far as a composer makes them. */
export interface RichText {
  readonly type: "rich_text";
  readonly block_id: string;
  readonly elements: readonly RichTextElement[];
}

interface RichTextElement {
  readonly type: "rich_text_section" | "rich_text_preformatted" | "rich_text_quote";
  readonly elements: readonly Inline[];
}

interface Inline {
  readonly type: "text" | "link" | "user" | "channel" | "usergroup" | "broadcast" | "date" | "emoji";
  readonly style?: Style;
  readonly [field: string]: unknown;
}

type Style = { readonly [name in "bold" | "italic" | "strike" | "code"]?: true };

const fence = /```\n?([\s\S]+?)\n?```\n?/;
const quoteMark = /^&gt; ?/;

/** The blocks Slack makes from a stored text. `isCustomEmoji` says which names the workspace added. */
export function richText(text: string, isCustomEmoji: (name: string) => boolean): RichText {
  const inline = (source: string, style: Style = {}): Inline[] => parseInline(source, style, isCustomEmoji);
  const elements = text.split(fence).flatMap((part, index): RichTextElement[] => {
    if (index % 2 === 1)
      return [{ type: "rich_text_preformatted", elements: [{ type: "text", text: unescaped(part) }] }];
    return part === "" ? [] : linesOf(part, inline);
  });
  return { type: "rich_text", block_id: Math.random().toString(36).slice(2, 7), elements };
}

function linesOf(text: string, inline: (source: string) => Inline[]): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let run: string[] = [];
  let quoted = false;
  const flush = (end: string): void => {
    const source = run.join("\n") + end;
    if (run.length > 0 && source !== "") {
      elements.push({ type: quoted ? "rich_text_quote" : "rich_text_section", elements: inline(source) });
    }
    run = [];
  };
  for (const line of text.split("\n")) {
    const quote = quoteMark.test(line);
    // A section keeps the line break before what follows it; a quote does not.
    if (quote !== quoted) flush(quoted ? "" : "\n");
    quoted = quote;
    run.push(line.replace(quoteMark, ""));
  }
  flush("");
  return elements;
}

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;
const edge = "[\\p{L}\\p{N}]";
const styled = Object.keys(marks).map(mark => {
  const sign = `\\${mark}`.replace("\\_", "_").replace("\\~", "~");
  return `(?<!${edge}|${sign})${sign}(?=\\S)(?:<[^<>]*>|[^<${sign}\\n])*?(?<=\\S)${sign}(?!${edge}|${sign})`;
});
const tokens = new RegExp(
  `(\`[^\`\\n]+\`|<[^<>\\n]+>|:[a-z0-9_+'\\-]+(?:::skin-tone-[2-6])?:|${styled.join("|")})`,
  "u",
);

function parseInline(source: string, style: Style, isCustomEmoji: (name: string) => boolean): Inline[] {
  const look = Object.keys(style).length > 0 ? { style } : {};
  const parts = source.split(tokens).flatMap((part, index): Inline[] => {
    if (part === "") return [];
    const plain: Inline = { type: "text", text: unescaped(part), ...look };
    if (index % 2 === 0) return [plain];
    const inner = part.slice(1, -1);
    if (part.startsWith("`")) return [{ type: "text", text: unescaped(inner), style: { ...style, code: true } }];
    if (part.startsWith("<")) return [{ ...reference(inner), ...look }];
    if (part.startsWith(":")) return [{ ...(emoji(inner, isCustomEmoji) ?? plain), ...look }];
    for (const [mark, name] of Object.entries(marks)) {
      if (part.startsWith(mark)) return parseInline(inner, { ...style, [name]: true }, isCustomEmoji);
    }
    return [plain];
  });
  return joined(parts);
}

/** Neighbouring text of one style is one element. */
function joined(parts: readonly Inline[]): Inline[] {
  const whole: Inline[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const continues = last?.type === "text" && part.type === "text" && isDeepStrictEqual(last.style, part.style);
    if (continues) whole[whole.length - 1] = { ...last, text: `${last["text"]}${part["text"]}` };
    else whole.push(part);
  }
  return whole;
}

function reference(inner: string): Inline {
  const [target = "", label] = unescaped(inner).split("|", 2);
  const id = target.slice(1);
  if (target.startsWith("@")) return { type: "user", user_id: id };
  if (target.startsWith("#")) return { type: "channel", channel_id: id };
  if (target.startsWith("!subteam^")) return { type: "usergroup", usergroup_id: target.slice(9) };
  if (target.startsWith("!date^")) {
    const [, timestamp, format, url] = target.split("^");
    return {
      type: "date",
      timestamp: Number(timestamp),
      format,
      ...(url && { url }),
      ...(label && { fallback: label }),
    };
  }
  if (target.startsWith("!")) return { type: "broadcast", range: id };
  return { type: "link", url: target, ...(label && { text: label }) };
}

function emoji(name: string, isCustomEmoji: (name: string) => boolean): Inline | undefined {
  const unicode = emojiUnicode(name);
  if (unicode === undefined) return isCustomEmoji(name) ? { type: "emoji", name } : undefined;
  const [base, tone] = name.split("::skin-tone-");
  return { type: "emoji", name: base, unicode, ...(tone && { skin_tone: Number(tone) }) };
}
