import { z } from "zod";
import { Content } from "./content.ts";
import { ChannelRef, Cursor, MessageRef } from "./ids.ts";
import { Author, FileNote, Message } from "./message.ts";

const base = {
  /**
   * Durable: the same happening has the same id whether it came live, was delivered again, or was read from history.
   * Unique within the channel.
   */
  id: z.string().min(1),
  channel: ChannelRef,
  /** Where history stands after this event; given by `history`, and live where the network says. */
  cursor: Cursor.optional(),
};

export const Created = z.object({ ...base, type: z.literal("created"), message: Message });
export type Created = z.infer<typeof Created>;

export const Edited = z.object({
  ...base,
  type: z.literal("edited"),
  ref: MessageRef,
  author: Author,
  content: Content,
  files: z.array(FileNote),
  at: z.number(),
});
export type Edited = z.infer<typeof Edited>;

/** Who deleted it is not told by every network. */
export const Deleted = z.object({ ...base, type: z.literal("deleted"), ref: MessageRef, at: z.number() });
export type Deleted = z.infer<typeof Deleted>;

/** Something that happened on a channel and concerns the others. */
export const RelayEvent = z.discriminatedUnion("type", [Created, Edited, Deleted]);
export type RelayEvent = z.infer<typeof RelayEvent>;
