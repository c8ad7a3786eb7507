/** A picture for somebody without one: the first letter on a colour of their own, as SVG. */
export function avatar(name: string): string {
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  const letter = name.match(/\p{L}|\p{N}/u)?.[0].toUpperCase() ?? "";
  const text = `<text x="36" y="48" font-family="sans-serif" font-size="36" text-anchor="middle" fill="white">${letter}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><rect width="72" height="72" fill="hsl(${hue} 45% 45%)"/>${text}</svg>`;
}
