import {
  type Author,
  type Content,
  markPlace,
  type Post,
  plainText,
  shownName,
  splitContent,
  wholeOf,
} from "@fanin/core";
import { maxName, maxPartBytes } from "./capabilities.ts";
import { escapeHtml, fallbackTag, needsHtml, ownMentions, toHtml } from "./html.ts";

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
  return splitContent(wholeOf(post), content => fits(content, prefix, network)).map((content, index) => {
    const body = prefix + plainText(content);
    return {
      ...(profile ? { profile } : {}),
      body,
      markAt: profile ? markPlace(profile.displayname) : body.length,
      ...(needsHtml(content, network) ? { html: toHtml(content, network, fallbackPrefix(prefix)) } : {}),
      mentions: ownMentions(content, network),
      // A reply that goes on in a second part is answered once; its thread holds all of it.
      ...(index === 0 ? relation : post.thread ? { thread: relation.thread ?? "" } : {}),
    };
  });
}

function profileOf(author: Author): { id: string; displayname: string } {
  return { id: Buffer.from(author.id).subarray(0, 255).toString(), displayname: shownName(author, maxName) };
}

/** MSC4144: readers that know profiles leave this element out. The space behind it is for heisenbridge, which trims it. */
function fallbackPrefix(prefix: string): string {
  return prefix === "" ? "" : `${fallbackTag}${escapeHtml(prefix)}</strong> `;
}

function fits(content: Content, prefix: string, network: string): boolean {
  const body = prefix + plainText(content);
  const html = needsHtml(content, network) ? toHtml(content, network, fallbackPrefix(prefix)) : "";
  // At worst a character becomes six bytes of JSON.
  if ((body.length + html.length) * 6 <= maxPartBytes) return true;
  return Buffer.byteLength(JSON.stringify(body)) + Buffer.byteLength(JSON.stringify(html)) <= maxPartBytes;
}
