import { z } from "zod";

/**
 * The fields of Discord's payloads that are read here; the rest is let through unseen.
 * https://discord.com/developers/docs/resources/message
 */
const User = z.object({
  id: z.string().regex(/^\d+$/),
  username: z.string(),
  global_name: z.string().nullish(),
  avatar: z.string().nullish(),
});

const Member = z.object({ nick: z.string().nullish() });

const Attachment = z.object({ filename: z.string(), size: z.number().int().nonnegative().optional() });

const Embed = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
});

const Poll = z.object({
  question: z.object({ text: z.string().optional() }),
  answers: z.array(z.object({ poll_media: z.object({ text: z.string().optional() }) })),
});

const Mention = User.extend({ member: Member.optional() });

const Snapshot = z.object({
  message: z.object({
    content: z.string().default(""),
    mentions: z.array(Mention).default([]),
    attachments: z.array(Attachment).default([]),
    embeds: z.array(Embed).default([]),
  }),
});

export const MessagePayload = z.object({
  id: z.string(),
  channel_id: z.string(),
  type: z.number(),
  author: User,
  /** Only live: history does not say how the guild calls somebody. */
  member: Member.optional(),
  content: z.string(),
  timestamp: z.string(),
  edited_timestamp: z.string().nullish(),
  webhook_id: z.string().optional(),
  application_id: z.string().optional(),
  mentions: z.array(Mention).default([]),
  attachments: z.array(Attachment).default([]),
  embeds: z.array(Embed).default([]),
  sticker_items: z.array(z.object({ name: z.string() })).default([]),
  poll: Poll.nullish(),
  message_reference: z
    .object({ type: z.number().default(0), message_id: z.string().optional(), channel_id: z.string().optional() })
    .nullish(),
  message_snapshots: z.array(Snapshot).default([]),
});
export type MessagePayload = z.infer<typeof MessagePayload>;

export const DeletePayload = z.object({ id: z.string(), channel_id: z.string() });
export const BulkDeletePayload = z.object({ ids: z.array(z.string()), channel_id: z.string() });

/** https://discord.com/developers/docs/resources/channel */
export const ChannelPayload = z.object({
  id: z.string(),
  type: z.number(),
  guild_id: z.string().optional(),
  name: z.string().nullish(),
  parent_id: z.string().nullish(),
  last_message_id: z.string().nullish(),
  thread_metadata: z.object({ archive_timestamp: z.string() }).optional(),
  permission_overwrites: z
    .array(z.object({ id: z.string(), type: z.number(), allow: z.string(), deny: z.string() }))
    .default([]),
});
export type ChannelPayload = z.infer<typeof ChannelPayload>;

export const ThreadsPayload = z.object({ threads: z.array(ChannelPayload), has_more: z.boolean().default(false) });

export const RolePayload = z.object({ id: z.string(), name: z.string(), permissions: z.string() });

export const GuildPayload = z.object({ id: z.string(), owner_id: z.string(), roles: z.array(RolePayload) });

/** GUILD_CREATE, also for a guild that is down (`unavailable`). */
export const GuildCreatePayload = z.object({
  id: z.string(),
  roles: z.array(RolePayload).default([]),
  channels: z.array(ChannelPayload).default([]),
  threads: z.array(ChannelPayload).default([]),
});
export const GuildDeletePayload = z.object({ id: z.string(), unavailable: z.boolean().default(false) });
export const GuildRolePayload = z.object({ guild_id: z.string(), role: RolePayload });
export const InGuildPayload = z.object({ guild_id: z.string() });
export const ThreadListPayload = z.object({ guild_id: z.string(), threads: z.array(ChannelPayload) });

export const MemberPayload = z.object({ roles: z.array(z.string()) });
export const MemberUpdatePayload = z.object({ guild_id: z.string(), user: z.object({ id: z.string() }) });

export const UserPayload = z.object({ id: z.string() });
export const ApplicationPayload = z.object({ id: z.string(), flags: z.number().default(0) });
export const GuildsPayload = z.array(z.object({ id: z.string(), name: z.string() }));

export const WebhookPayload = z.object({
  id: z.string(),
  name: z.string().nullish(),
  token: z.string().optional(),
  application_id: z.string().nullish(),
});
export type WebhookPayload = z.infer<typeof WebhookPayload>;
