/** The text as a screen shows it: runs of variation selectors draw nothing. */
export function visible(text: string): string {
  return text.replaceAll(/[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]{2,}/gu, "");
}
