/** What the bridge sends of one message before it cuts it short. */
export const lineLimit = 3;

/** A text as IRC lines of at most `budget` bytes, broken between words; a word that is longer than a line is broken itself. */
export function toLines(text: string, budget: number): string[] {
  return text
    .split(/\r?\n/)
    .filter(line => line !== "")
    .flatMap(line => wrap(line, budget));
}

function wrap(line: string, budget: number): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of line.split(" ").flatMap(one => breakWord(one, budget))) {
    const longer: string = current === undefined ? word : `${current} ${word}`;
    if (current !== undefined && Buffer.byteLength(longer) > budget) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return current === undefined ? lines : [...lines, current];
}

function breakWord(word: string, budget: number): string[] {
  if (Buffer.byteLength(word) <= budget) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (Buffer.byteLength(piece + character) > budget) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}
