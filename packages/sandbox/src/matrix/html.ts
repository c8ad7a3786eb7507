const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** HTML as a reader sees it: without markup, blocks and breaks as line ends, reply and profile fallbacks left out. */
export function plainText(html: string): string {
  const text = html
    .replace(/<mx-reply>[\s\S]*?<\/mx-reply>/g, "")
    .replace(/<strong[^>]*data-mx-profile-fallback[^>]*>[\s\S]*?<\/strong>/g, "")
    .replace(/<br\s*\/?>\n?/g, "\n")
    .replace(/<\/(p|div|li|ul|ol|blockquote|pre|h[1-6])>\s*/g, "\n")
    .replace(/<[a-z/!][^>]*>/gi, "");
  return unescapeHtml(text).trim();
}

export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(String(hex), 16));
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
