import { z } from "zod";
import { Content } from "./content.ts";
import { Key, MessageRef } from "./ids.ts";

export const Author = z.object({
  /** The network's id of who wrote it: `U…`, a snowflake, `@…:…`, a bot or webhook where there is no person. */
  id: z.string().min(1),
  name: z.string(),
  /** Anybody can fetch it without a token. */
  avatarUrl: z.url().optional(),
  /** Applications, bots and webhooks it was written through: the guard knows our own by them. */
  via: z.array(z.string()).optional(),
});
export type Author = z.infer<typeof Author>;

/** An attachment as it is described; its bytes stay where they are. */
export const FileNote = z.object({ name: z.string(), sizeBytes: z.number().int().nonnegative().optional() });
export type FileNote = z.infer<typeof FileNote>;

export const Message = z.object({
  ref: MessageRef,
  author: Author,
  content: Content,
  files: z.array(FileNote),
  /** The message this one answers. */
  replyTo: MessageRef.optional(),
  /** The root of the thread it stands in. */
  thread: MessageRef.optional(),
  /** When its network took it: wall-clock milliseconds, for display only. */
  at: z.number(),
  /** The mark found on it, where it carries one. */
  key: Key.optional(),
});
export type Message = z.infer<typeof Message>;
