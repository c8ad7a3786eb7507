const gap = "\u200B";

/** Code that is to stand between fences: a zero-width space parts backticks that would end it. */
export function partBackticks(code: string, run: 2 | 3): string {
  return code.replaceAll(run === 3 ? /`(?=``)/g : /`(?=`)/g, `\`${gap}`);
}

/** The code as it was. */
export function joinBackticks(code: string): string {
  return code.replaceAll(new RegExp(`\`${gap}(?=\`)`, "g"), "`");
}
