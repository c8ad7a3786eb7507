/**
 * The web address that begins at `at`, as Discord's clients find one in plain text: it ends at white space or `<`, and
 * leaves out punctuation and a closing bracket that belong to the sentence.
 */
export function urlAt(text: string, at: number): string | undefined {
  const web = /https?:\/\/[^\s<>]+/iy;
  web.lastIndex = at;
  let url = web.exec(text)?.[0] ?? "";
  while (/[.,:;"'\]]$/.test(url) || (url.endsWith(")") && count(url, ")") > count(url, "("))) url = url.slice(0, -1);
  return /:\/\/./.test(url) ? url : undefined;
}

/** The same address without the characters that would end it inside `<…>`. */
export function encodeForAngles(url: string): string {
  return url.replaceAll(/[\s<>\\]/g, encodeURIComponent);
}

/** The same address without the characters that would end it inside `(…)`. */
export function encodeForParentheses(url: string): string {
  return encodeForAngles(url).replaceAll("(", "%28").replaceAll(")", "%29");
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
