import { type ChannelRef, Cursor, findMark, messageRef, type RelayEvent } from "@fanin/core";
import { type HtmlParser, parse, profileName } from "./parse.ts";
import { type MatrixEvent, MessageContent, RedactionContent, Relation, type Words } from "./payload.ts";

/** What the event itself does not say. */
export interface Surroundings {
  readonly channel: ChannelRef;
  /** The sender's display name in the room. */
  readonly name: string;
  /** Needed where the message has a `formatted_body`; its `body` counts without. */
  readonly parseHtml?: HtmlParser;
}

/**
 * One event of a room → what it means to the relay; undefined where that is nothing. Never throws.
 * A redaction tells not of what: one of an edit or a reaction becomes the delete of a message that nobody knows.
 */
export function toEvent(event: MatrixEvent, surroundings: Surroundings): RelayEvent | undefined {
  if (event.state_key !== undefined) return undefined;
  switch (event.type) {
    case "m.room.message":
    case "m.sticker":
      return said(event, surroundings);
    case "m.room.redaction":
      return deleted(event, surroundings);
    default:
      return undefined;
  }
}

/** The message that an event edits, if it does. */
export function editedBy(event: MatrixEvent): string | undefined {
  const given = event.content["m.relates_to"];
  const relation = given === undefined ? undefined : Relation.safeParse(given).data;
  return relation?.rel_type === "m.replace" ? relation.event_id : undefined;
}

function said(event: MatrixEvent, surroundings: Surroundings): RelayEvent | undefined {
  const content = MessageContent.safeParse(event.content).data;
  if (!content || content.msgtype?.startsWith("m.key.verification")) return undefined;
  const relation = content["m.relates_to"];
  if (relation?.rel_type === "m.replace") return edited(event, content, surroundings);

  const { channel } = surroundings;
  const ref = (id: string) => messageRef(channel, id);
  const answered = relation?.["m.in_reply_to"]?.event_id;
  const root = relation?.rel_type === "m.thread" ? relation.event_id : undefined;
  const message = read(event, content, surroundings, answered !== undefined);
  if (message.content.children.length === 0 && message.files.length === 0) return undefined;
  const key = content["im.fanin.key"] ?? findMark(content.body);
  return {
    type: "created",
    ...base(event, channel),
    message: {
      ref: ref(event.event_id),
      ...message,
      // In a thread an answer is a fallback for clients without threads, unless it says otherwise.
      ...(answered !== undefined && (root === undefined || relation?.is_falling_back === false)
        ? { replyTo: ref(answered) }
        : {}),
      ...(root === undefined ? {} : { thread: ref(root) }),
      at: event.origin_server_ts,
      ...(key ? { key } : {}),
    },
  };
}

function edited(event: MatrixEvent, content: MessageContent, surroundings: Surroundings): RelayEvent | undefined {
  const original = content["m.relates_to"]?.event_id;
  const now = content["m.new_content"];
  if (!original || !now) return undefined;
  // New content of a reply carries no relation, but in older clients still its quotation.
  const message = read(event, now, surroundings, true);
  const { channel } = surroundings;
  return {
    type: "edited",
    ...base(event, channel),
    ref: messageRef(channel, original),
    ...message,
    at: event.origin_server_ts,
  };
}

function read(event: MatrixEvent, words: Words, { name, parseHtml }: Surroundings, isReply: boolean) {
  const shown = profileName(words) ?? name;
  const { content, files } = parse(words, { name: shown, isReply, ...(parseHtml ? { parseHtml } : {}) });
  return { author: { id: event.sender, name: shown }, content, files };
}

function deleted(event: MatrixEvent, { channel }: Surroundings): RelayEvent | undefined {
  const target = RedactionContent.safeParse(event.content).data?.redacts ?? event.redacts;
  if (!target) return undefined;
  return { type: "deleted", ...base(event, channel), ref: messageRef(channel, target), at: event.origin_server_ts };
}

function base(event: MatrixEvent, channel: ChannelRef): Pick<RelayEvent, "id" | "channel" | "cursor"> {
  return { id: event.event_id, channel, cursor: Cursor.parse(event.event_id) };
}
