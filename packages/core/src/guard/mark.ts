import { Key } from "../model/ids.ts";

/**
 * A key in eight invisible characters, one per byte. Its alphabet is the 256 variation selectors (U+FE00–FE0F and
 * U+E0100–E01EF): both IRC bridges in use carry them unchanged in both directions, and no client draws them.
 */
export function encodeMark(key: Key): string {
  return (key.match(/../g) ?? []).map(byte => selector(Number.parseInt(byte, 16))).join("");
}

const MARK = /(?:[\u{FE00}-\u{FE0F}]|[\u{E0100}-\u{E01EF}]){8}/u;
const MARKS = new RegExp(MARK, "gu");
/** Made when first used: it brings 2 MB. */
let graphemes: Intl.Segmenter | undefined;

/** The first mark in a text. Runs of another length are no mark: emoji carry single variation selectors. */
export function findMark(text: string): Key | undefined {
  const found = MARK.exec(text);
  if (!found) return undefined;
  const bytes = Array.from(found[0], character => (character.codePointAt(0) ?? 0) & 0x1ff);
  return Key.parse(bytes.map(toHex).join(""));
}

/**
 * Where in a name a mark goes, in UTF-16 units: behind the first character, so that the name pings nobody on IRC and
 * trimming does not reach it. Never inside of an emoji or a letter with its accents, nor behind a selector of the name's
 * own, where it could not be read; in a name of such emoji alone, before the selector.
 */
export function markPlace(name: string): number {
  graphemes ??= new Intl.Segmenter();
  let at = 0;
  for (const { segment } of graphemes.segment(name)) {
    at += segment.length;
    if (!/[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]$/u.test(segment)) return at;
  }
  return Array.from(name)[0]?.length ?? 0;
}

/** The text without marks; single variation selectors stay. */
export function stripMarks(text: string): string {
  return text.replaceAll(MARKS, "");
}

function selector(byte: number): string {
  return String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16);
}

// The low nine bits tell the two ranges apart: FE00–FE0F end in 0x000–0x00F, E0100–E01EF in 0x100–0x1EF.
function toHex(low: number): string {
  return (low < 0x100 ? low : low - 0x100 + 16).toString(16).padStart(2, "0");
}
