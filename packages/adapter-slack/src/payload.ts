import { z } from "zod";

/** The fields of Slack's payloads that are used, and no others: https://docs.slack.dev/reference/events/message */

const Icons = z.object({ image_48: z.string().optional(), image_72: z.string().optional() });

const File = z.object({ name: z.string().nullish(), title: z.string().nullish(), size: z.number().nullish() });

const Attachment = z.object({
  pretext: z.string().optional(),
  title: z.string().optional(),
  title_link: z.string().optional(),
  text: z.string().optional(),
  fallback: z.string().optional(),
});

const Metadata = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });

/** A message as events and history show it. `ts` is its id and its place in the channel: a string, never a number. */
export const SlackMessage = z.object({
  subtype: z.string().optional(),
  ts: z.string().min(1),
  text: z.string().nullish(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  username: z.string().nullish(),
  icons: Icons.nullish().catch(undefined),
  bot_profile: z
    .object({ name: z.string().optional(), user_id: z.string().optional(), icons: Icons.optional() })
    .nullish()
    .catch(undefined),
  blocks: z.array(z.unknown()).nullish(),
  attachments: z.array(Attachment).nullish().catch(undefined),
  files: z.array(File).nullish().catch(undefined),
  thread_ts: z.string().nullish(),
  latest_reply: z.string().nullish(),
  metadata: Metadata.nullish().catch(undefined),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

const at = { type: z.literal("message"), channel: z.string().min(1), ts: z.string().min(1) };

const ChangedMessage = z.object({
  ...at,
  subtype: z.literal("message_changed"),
  message: SlackMessage,
  previous_message: SlackMessage.optional(),
});

const DeletedMessage = z.object({ ...at, subtype: z.literal("message_deleted"), deleted_ts: z.string().min(1) });

/** The event `message` in its three shapes. */
export const MessageEvent = z.union([ChangedMessage, DeletedMessage, SlackMessage.extend(at)]);
export type MessageEvent = z.infer<typeof MessageEvent>;

/** Events that end our stay in a channel. */
const Parting = z.object({
  type: z.enum(["channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted"]),
  channel: z.string().min(1),
});
export type Parting = z.infer<typeof Parting>;

/** Events after which a name that was looked up may be another. */
const Renaming = z.union([
  z.object({ type: z.literal("user_change"), user: z.object({ id: z.string() }) }),
  z.object({ type: z.enum(["channel_rename", "group_rename"]), channel: z.object({ id: z.string() }) }),
]);
export type Renaming = z.infer<typeof Renaming>;

/** What Socket Mode hands over of an envelope: https://docs.slack.dev/apis/events-api/using-socket-mode */
export const Envelope = z.object({
  type: z.literal("events_api"),
  body: z.object({ event: z.union([MessageEvent, Parting, Renaming]) }),
});

export const Page = z.object({
  messages: z.array(SlackMessage),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

export const Posted = z.object({
  ts: z.string().min(1),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
});

export const AuthTest = z.object({
  user_id: z.string(),
  bot_id: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

export const Conversation = z.object({
  id: z.string(),
  name: z.string().optional(),
  name_normalized: z.string().optional(),
  is_private: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_member: z.boolean().optional(),
  is_read_only: z.boolean().optional(),
});
export type Conversation = z.infer<typeof Conversation>;

export const ConversationInfo = z.object({ channel: Conversation });

export const ConversationList = z.object({
  channels: z.array(Conversation),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

export const UserInfo = z.object({
  user: z.object({
    name: z.string(),
    real_name: z.string().optional(),
    profile: z.object({
      display_name: z.string().optional(),
      real_name: z.string().optional(),
      image_72: z.string().optional(),
      image_192: z.string().optional(),
    }),
  }),
});
export type UserInfo = z.infer<typeof UserInfo>;

export const BotInfo = z.object({
  bot: z.object({ name: z.string(), app_id: z.string().optional(), icons: Icons.optional() }),
});
export type BotInfo = z.infer<typeof BotInfo>;

export const UsergroupList = z.object({ usergroups: z.array(z.object({ id: z.string(), handle: z.string() })) });
