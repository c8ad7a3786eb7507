import { encodeMark, type Key } from "@fanin/core";
import { escapeHtml, fallbackTag } from "./html.ts";
import type { MatrixPart } from "./render.ts";

/** The content of a new `m.room.message` that says `part` and carries `key`. */
export function newMessage(part: MatrixPart, key: Key): object {
  return { ...words(part, key), "m.mentions": mentions(part), ...relation(part) };
}

/**
 * The content of an edit of `original`, which must be the first event of the message, never an edit. Nobody is notified
 * again. https://spec.matrix.org/latest/client-server-api/#event-replacements
 */
export function replacement(part: MatrixPart, key: Key, original: string): object {
  const now = words(part, key);
  return {
    ...now,
    body: `* ${now.body}`,
    ...(now.formatted_body === undefined ? {} : { formatted_body: `* ${now.formatted_body}` }),
    "m.mentions": {},
    "m.new_content": { ...now, "m.mentions": mentions(part) },
    "m.relates_to": { rel_type: "m.replace", event_id: original },
  };
}

interface Words {
  readonly msgtype: "m.text" | "m.notice";
  readonly body: string;
  readonly format?: "org.matrix.custom.html";
  readonly formatted_body?: string;
  readonly "com.beeper.per_message_profile"?: object;
  readonly "im.fanin.key": Key;
}

function words(part: MatrixPart, key: Key): Words {
  const { profile, body, markAt, html } = part;
  const marked = (text: string): string => text.slice(0, markAt) + encodeMark(key) + text.slice(markAt);
  return {
    msgtype: profile ? "m.text" : "m.notice",
    body: marked(body),
    ...(html === undefined ? {} : { format: "org.matrix.custom.html", formatted_body: markedHtml(part, html, key) }),
    // The name carries the mark too: clients take the fallback off the body only where it is the very same name.
    // https://github.com/matrix-org/matrix-spec-proposals/pull/4144
    ...(profile
      ? {
          "com.beeper.per_message_profile": {
            ...profile,
            displayname: marked(profile.displayname),
            has_fallback: true,
          },
        }
      : {}),
    "im.fanin.key": key,
  };
}

/** The name before the HTML with the mark that the name has in the profile, by which some clients know it. */
function markedHtml({ profile, markAt }: MatrixPart, html: string, key: Key): string {
  const start = html.indexOf(fallbackTag);
  if (!profile || start < 0) return html;
  const at = start + fallbackTag.length + escapeHtml(profile.displayname.slice(0, markAt)).length;
  return html.slice(0, at) + encodeMark(key) + html.slice(at);
}

function mentions(part: MatrixPart): object {
  return part.mentions.length > 0 ? { user_ids: part.mentions } : {};
}

/** https://spec.matrix.org/latest/client-server-api/#threading */
function relation({ thread, replyTo }: MatrixPart): object {
  if (thread !== undefined) {
    const shown = { "m.in_reply_to": { event_id: replyTo ?? thread }, is_falling_back: replyTo === undefined };
    return { "m.relates_to": { rel_type: "m.thread", event_id: thread, ...shown } };
  }
  return replyTo === undefined ? {} : { "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } };
}
