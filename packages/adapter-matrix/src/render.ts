import { type Author, type Content, type FileNote, type Post, plainText, splitContent, stripMarks } from "@fanin/core";
import { maxName, maxPartBytes } from "./capabilities.ts";
import { escapeHtml, needsHtml, ownMentions, toHtml } from "./html.ts";

/** One message as it will be sent, but for its key. Plain JSON. */
export interface MatrixPart {
  /** Absent where the relay itself speaks. */
  readonly profile?: { readonly id: string; readonly displayname: string };
  /** Complete in itself, the name included: it is what IRC reads. */
  readonly body: string;
  /** Where in `body` the mark goes: behind the first character of the name, so that the name pings nobody on IRC. */
  readonly markAt: number;
  readonly html?: string;
  /** Whom it notifies. */
  readonly mentions: readonly string[];
  readonly replyTo?: string;
  readonly thread?: string;
}

/**
 * A post → the parts that say it on `network`, each within `maxPartBytes`. HTML only where the content has something
 * that plain text can't say. Only people of this network become mentions.
 */
export function render(post: Post, network: string): MatrixPart[] {
  const profile = post.author && profileOf(post.author);
  const prefix = profile ? `${profile.displayname}: ` : "";
  const relation = {
    ...(post.replyTo ? { replyTo: String(post.replyTo.ref.message) } : {}),
    ...(post.thread ? { thread: String(post.thread.ref.message) } : {}),
  };
  return splitContent(whole(post), content => fits(content, prefix, network)).map((content, index) => {
    const body = prefix + plainText(content);
    return {
      ...(profile ? { profile } : {}),
      body,
      markAt: markPlace(body, prefix),
      ...(needsHtml(content, network) ? { html: toHtml(content, network, fallbackPrefix(prefix)) } : {}),
      mentions: ownMentions(content, network),
      // A reply that goes on in a second part is answered once; its thread holds all of it.
      ...(index === 0 ? relation : post.thread ? { thread: relation.thread ?? "" } : {}),
    };
  });
}

/** The content, what the post can't show said in words. */
function whole(post: Post): Content {
  const files = post.files.map(file => paragraph(fileLine(file)));
  const hint = post.degraded ? [paragraph("(in reply to a message that is not here)")] : [];
  return { type: "root", children: [...hint, ...post.content.children, ...files] };
}

function paragraph(value: string): Content["children"][number] {
  return { type: "paragraph", children: [{ type: "text", value }] };
}

function fileLine({ name, sizeBytes }: FileNote): string {
  return sizeBytes === undefined ? `[file] ${name}` : `[file] ${name} (${sizeText(sizeBytes)})`;
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function profileOf(author: Author): { id: string; displayname: string } {
  // One line, and no mark of another message: a name is what anybody chose to write.
  const name = stripMarks(author.name)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return { id: Buffer.from(author.id).subarray(0, 255).toString(), displayname: cut(name || author.id) };
}

function cut(name: string): string {
  return name.length <= maxName ? name : name.slice(0, maxName).replace(/[\uD800-\uDBFF]$/, "");
}

/** MSC4144: readers that know profiles leave this element out. */
function fallbackPrefix(prefix: string): string {
  return prefix === "" ? "" : `<strong data-mx-profile-fallback>${escapeHtml(prefix)}</strong>`;
}

function fits(content: Content, prefix: string, network: string): boolean {
  const body = prefix + plainText(content);
  const html = needsHtml(content, network) ? toHtml(content, network, fallbackPrefix(prefix)) : "";
  // At worst a character becomes six bytes of JSON.
  if ((body.length + html.length) * 6 <= maxPartBytes) return true;
  return Buffer.byteLength(JSON.stringify(body)) + Buffer.byteLength(JSON.stringify(html)) <= maxPartBytes;
}

const SELECTOR = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/u;

/** Next to a variation selector of the text's own a mark could not be read: it goes to the first place without one. */
function markPlace(body: string, prefix: string): number {
  if (prefix === "") return body.length;
  let at = 0;
  const characters = Array.from(body.slice(0, prefix.length + 1));
  for (const [index, character] of characters.entries()) {
    at += character.length;
    if (!SELECTOR.test(character) && !SELECTOR.test(characters[index + 1] ?? "")) return at;
  }
  return prefix.length;
}
