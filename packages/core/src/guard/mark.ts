import { Key } from "../model/ids.ts";

/**
 * A key in eight invisible characters, one per byte. Its alphabet is the 256 variation selectors (U+FE00–FE0F and
 * U+E0100–E01EF): both IRC bridges in use carry them unchanged in both directions, and no client draws them.
 */
export function encodeMark(key: Key): string {
  return (key.match(/../g) ?? []).map(byte => selector(Number.parseInt(byte, 16))).join("");
}

const MARK = /(?:[\u{FE00}-\u{FE0F}]|[\u{E0100}-\u{E01EF}]){8}/u;

/** The first mark in a text. Runs of another length are no mark: emoji carry single variation selectors. */
export function findMark(text: string): Key | undefined {
  const found = MARK.exec(text);
  if (!found) return undefined;
  const bytes = Array.from(found[0], character => (character.codePointAt(0) ?? 0) & 0x1ff);
  return Key.parse(bytes.map(toHex).join(""));
}

/** The text without marks; single variation selectors stay. */
export function stripMarks(text: string): string {
  return text.replaceAll(new RegExp(MARK, "gu"), "");
}

function selector(byte: number): string {
  return String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16);
}

// The low nine bits tell the two ranges apart: FE00–FE0F end in 0x000–0x00F, E0100–E01EF in 0x100–0x1EF.
function toHex(low: number): string {
  return (low < 0x100 ? low : low - 0x100 + 16).toString(16).padStart(2, "0");
}
