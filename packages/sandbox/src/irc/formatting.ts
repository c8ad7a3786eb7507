import { escapeHtml, unescapeHtml } from "../matrix/html.ts";

const codes: Readonly<Record<string, string>> = {
  b: "\x02",
  strong: "\x02",
  i: "\x1d",
  em: "\x1d",
  u: "\x1f",
  code: "\x11",
};
const tags: Readonly<Record<string, string>> = { "\x02": "b", "\x1d": "i", "\x1f": "u", "\x11": "code" };
/** mIRC's sixteen colours by their HTML names. */
const colours = "white black navy green red maroon purple orange yellow lime teal aqua blue fuchsia gray silver".split(
  " ",
);

/** HTML as formatting codes; undefined where a tag or attribute is not among the few that the bridge knows. */
export function htmlToCodes(html: string): string | undefined {
  let isKnown = true;
  const text = html.replace(/<(\/?)([a-z0-9-]+)([^>]*)>/gi, (_, slash: string, name: string, attributes: string) => {
    const code = codes[name];
    if (code !== undefined && attributes.trim() === "") return code;
    if (name === "font") return slash === "/" ? "\x03" : colourCode(attributes);
    isKnown = false;
    return "";
  });
  return isKnown ? unescapeHtml(text) : undefined;
}

function colourCode(attributes: string): string {
  const index = colours.indexOf(/color="?([a-z]+)/i.exec(attributes)?.[1] ?? "");
  return index < 0 ? "" : `\x03${String(index).padStart(2, "0")}`;
}

/** A line as a reader sees it. */
export function withoutCodes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are IRC's formatting codes.
  return text.replace(/\x03(\d{1,2}(,\d{1,2})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g, "");
}

/** A line as HTML, each style closed where it ends or at the end of the line. */
export function codesToHtml(text: string): string {
  const open: string[] = [];
  let html = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are IRC's formatting codes.
  for (const piece of text.split(/([\x02\x0f\x11\x1d\x1f])/)) {
    const tag = tags[piece];
    if (piece === "\x0f") html += closeDownTo(open, 0);
    else if (tag === undefined) html += escapeHtml(withoutCodes(piece)).replaceAll("\u200b", "&ZeroWidthSpace;");
    else if (open.includes(tag)) {
      const inner = open.slice(open.indexOf(tag) + 1);
      html += closeDownTo(open, open.indexOf(tag)) + inner.map(one => `<${one}>`).join("");
      open.push(...inner);
    } else {
      open.push(tag);
      html += `<${tag}>`;
    }
  }
  return html + closeDownTo(open, 0);
}

function closeDownTo(open: string[], depth: number): string {
  const closing = open.splice(depth).reverse();
  return closing.map(tag => `</${tag}>`).join("");
}
