import { emojiName } from "./emoji.ts";

const code = /(```[\s\S]+?```|`[^`\n]+`)/;
const reference =
  /<(?:@[UW]\w+|#C\w+|!(?:here|channel|everyone)|!subteam\^S\w+|!date\^[^<>\|]+|https?:\/\/[^<>\|\s]+|mailto:[^<>\|\s]+)(?:\|[^<>\n]*)?>/v;
const address = /https?:\/\/[^\s<>\|]*[^\s<>\|.,;:!?\)'"*_~]/v;
const pieces = new RegExp(`(${reference.source}|${address.source}|\\p{RGI_Emoji})`, "v");

/**
 * What Slack keeps as `text` of what a person typed: `&`, `<` and `>` escaped, addresses in angle brackets,
 * emoji by name. References written as Slack writes them (`<@U…>`, `<https://…|label>`) stay.
 */
export function storedFromTyped(typed: string): string {
  return stored(typed, escapeAll);
}

/** The same for the text an app sends, which is escaped by the app: entities stay, what it forgot is escaped. */
export function storedFromApp(text: string): string {
  return stored(text, escapeForgotten);
}

/** Reverses the three entities Slack uses. */
export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function stored(text: string, escaped: (plain: string) => string): string {
  return text
    .split(code)
    .map((part, index) => (index % 2 === 1 ? escaped(part) : storedPlain(part, escaped)))
    .join("");
}

function storedPlain(text: string, escaped: (plain: string) => string): string {
  return text
    .split(pieces)
    .map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      if (part.startsWith("<")) return `<${escaped(part.slice(1, -1))}>`;
      if (part.startsWith("http")) return `<${escaped(part)}>`;
      const name = emojiName(part);
      return name === undefined ? part : `:${name}:`;
    })
    .join("");
}

function escapeAll(text: string): string {
  return brackets(text.replaceAll("&", "&amp;"));
}

function escapeForgotten(text: string): string {
  return brackets(text.replaceAll(/&(?!amp;|lt;|gt;)/g, "&amp;"));
}

function brackets(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
