/** `; did you mean …?` with the known word nearest to what was written, else the list of them. Pure. */
export function suggest(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length > 0 ? `; known here: ${known.join(", ")}.` : ".";
}

function nearest(written: string, known: readonly string[]): string | undefined {
  const plain = fold(written);
  const [best] = known
    .map(word => ({ word, distance: editDistance(plain, fold(word)) }))
    .sort((one, other) => one.distance - other.distance);
  return best && best.distance <= Math.max(1, Math.floor(plain.length / 3)) ? best.word : undefined;
}

/** `bot_token` and `botToken` are the same slip. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "");
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...other].entries()) {
      const changed = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
