import { Key } from "@fanin/core";
import { z } from "zod";

/*
 * What is read of https://spec.matrix.org/latest/client-server-api/: only fields in use, and a wrong optional field
 * counts as absent, so that odd events cost themselves and nothing else.
 */

const text = z.string().optional().catch(undefined);
const id = z.string().min(1).optional().catch(undefined);

export const MatrixEvent = z.object({
  type: z.string(),
  event_id: z.string().min(1),
  sender: z.string().min(1),
  origin_server_ts: z.number().catch(0),
  content: z.looseObject({}).catch({}),
  /** Absent in /sync, where events stand under their room. */
  room_id: text,
  /** Present on state events alone. */
  state_key: text,
  /** On redactions in rooms before version 11; in the content since. */
  redacts: id,
  /** Set where the event was redacted. */
  unsigned: z.object({ redacted_because: z.unknown() }).partial().optional().catch(undefined),
});
export type MatrixEvent = z.infer<typeof MatrixEvent>;

/** MSC4144: a name for one message. */
const Profile = z.object({
  displayname: z.string().optional().catch(undefined),
  has_fallback: z.boolean().optional().catch(undefined),
});

/** How a message stands to others. */
export const Relation = z.object({
  rel_type: text,
  event_id: id,
  is_falling_back: z.boolean().optional().catch(undefined),
  "m.in_reply_to": z
    .object({ event_id: z.string().min(1) })
    .optional()
    .catch(undefined),
});

const words = {
  /** Absent on stickers. */
  msgtype: text,
  body: z.string(),
  format: text,
  formatted_body: text,
  filename: text,
  info: z
    .object({ size: z.number().int().nonnegative().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  "com.beeper.per_message_profile": Profile.optional().catch(undefined),
};

const Words = z.object(words);
/** What a message says. */
export type Words = z.infer<typeof Words>;

export const MessageContent = z.object({
  ...words,
  "m.relates_to": Relation.optional().catch(undefined),
  "m.new_content": Words.optional().catch(undefined),
  /** Ours: the mark, on what a relay of this kind has written. */
  "im.fanin.key": Key.optional().catch(undefined),
});
export type MessageContent = z.infer<typeof MessageContent>;

export const RedactionContent = z.object({ redacts: id });

export const MemberContent = z.object({ membership: z.string(), displayname: text });
export type MemberContent = z.infer<typeof MemberContent>;

/** A page of /messages. */
export const Page = z.object({
  chunk: z.array(z.unknown()),
  state: z.array(z.unknown()).catch([]),
  /** Absent where there is no more. */
  end: z.string().optional(),
});
export type Page = z.infer<typeof Page>;
