import type { Said } from "../place.ts";
import { visible } from "../visible.ts";
import { type Content, recordAt, relationOf, type Stored, stringAt } from "./event.ts";
import { plainText } from "./html.ts";
import type { Room } from "./room.ts";

/** What a client knows besides the room. */
export interface Viewer {
  isAutomated(user: string): boolean;
  /** Where a browser finds what an `mxc://` address names. */
  pictureUrl(mxc: string): string;
}

/** What a client shows of an event: nothing for edits, redacted events and what is no message. */
export function saidIn(room: Room, stored: Stored, viewer: Viewer): Said | undefined {
  const { event, redacted } = stored;
  const relation = relationOf(event.content);
  if (event.type !== "m.room.message" || redacted || relation?.type === "m.replace") return undefined;

  const edit = room.latestEdit(stored);
  const content = edit ? recordAt(edit.event.content, "m.new_content") : event.content;
  const profile = recordAt(content, "com.beeper.per_message_profile");
  const member = room.state("m.room.member", event.sender);
  const profileName = stringAt(profile, "displayname");
  const picture = stringAt(profile, "avatar_url") ?? stringAt(member, "avatar_url");
  const replyTo = answered(event.content);
  return {
    id: event.event_id,
    author: visible(profileName ?? stringAt(member, "displayname") ?? event.sender),
    relayed: profileName !== undefined || content["msgtype"] === "m.notice" || viewer.isAutomated(event.sender),
    text: shown(content, profile["has_fallback"] === true ? profileName : undefined),
    edited: edit !== undefined,
    at: event.origin_server_ts,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(picture === undefined ? {} : { avatarUrl: viewer.pictureUrl(picture) }),
  };
}

/** The text without the name that stands before it for clients that know no profiles. */
function shown(content: Content, fallbackName: string | undefined): string {
  const html = content["format"] === "org.matrix.custom.html" ? stringAt(content, "formatted_body") : undefined;
  const text = html === undefined ? withoutQuote(content) : plainText(html);
  const prefix = visible(`${fallbackName}: `);
  const seen = visible(text);
  return fallbackName !== undefined && seen.startsWith(prefix) ? seen.slice(prefix.length) : seen;
}

/** Clients of old put the answered message before the answer, each line after `> `. */
function withoutQuote(content: Content): string {
  const body = stringAt(content, "body") ?? "";
  return answered(content) === undefined ? body : body.replace(/^(> .*\n)+\n?/, "");
}

/** The message answered, or else the root of the thread. */
function answered(content: Content): string | undefined {
  const relation = recordAt(content, "m.relates_to");
  const reply = stringAt(recordAt(relation, "m.in_reply_to"), "event_id");
  const thread = relation["rel_type"] === "m.thread" ? stringAt(relation, "event_id") : undefined;
  return thread !== undefined && relation["is_falling_back"] === true ? thread : (reply ?? thread);
}
