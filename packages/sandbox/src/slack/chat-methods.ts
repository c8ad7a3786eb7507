import { z } from "zod";
import type { Channel } from "./channel.ts";
import type { Kept, SlackMessage } from "./message.ts";
import { channelOf, flag, joinedChannelOf, type Method, method, nested, Refusal } from "./method.ts";
import { richText } from "./rich-text.ts";
import { storedFromApp } from "./stored-text.ts";
import type { Workspace } from "./workspace.ts";

const postedTextLimit = 40_000;
const updatedTextLimit = 4000;

const content = z.object({
  channel: z.string(),
  text: z.string().optional(),
  blocks: nested(z.array(z.unknown()).max(50).optional()),
  attachments: nested(z.array(z.unknown()).max(100).optional()),
  metadata: nested(z.unknown()),
});
const metadata = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });
const post = content.extend({
  thread_ts: z.string().optional(),
  reply_broadcast: flag,
  username: z.string().optional(),
  icon_url: z.string().optional(),
  icon_emoji: z.string().optional(),
});
const target = z.object({ channel: z.string(), ts: z.string() });

/** https://docs.slack.dev/reference/methods?family=chat */
export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": method(["chat:write"], post, (workspace, args) => {
    const channel = joinedChannelOf(workspace, args.channel);
    if (channel.isArchived) throw new Refusal("is_archived");
    const text = args.text?.slice(0, postedTextLimit);
    const { kept, fields } = contentOf(workspace, { ...args, text }, undefined);
    const thread = threadOf(channel, args.thread_ts, args.reply_broadcast);
    const message = channel.post({ ...authorOf(workspace, args), ...fields, ...thread }, kept);
    return { channel: channel.id, ts: message.ts, message: { ...message, ...withMetadata(kept) } };
  }),

  "chat.update": method(["chat:write"], content.extend({ ts: z.string() }), (workspace, args) => {
    const { channel, found } = ownMessage(workspace, args, "cant_update_message");
    if (channel.isArchived) throw new Refusal("is_inactive");
    if ((args.text?.length ?? 0) > updatedTextLimit) throw new Refusal("msg_too_long");
    const { kept, fields } = contentOf(workspace, args, found);
    // The custom name and icon of the post are gone after an edit: slackapi/node-slack-sdk#944.
    const { subtype, username: _username, icons: _icons, ...shown } = found.shown;
    const broadcast = subtype === "thread_broadcast" && { subtype };
    // Whole seconds, as Slack has it.
    const edited = { user: workspace.botId, ts: `${Math.floor(Date.now() / 1000)}.000000` };
    const message: SlackMessage = { ...shown, ...broadcast, ...appOf(workspace), ...fields, edited };
    channel.change(message, kept);
    return { channel: channel.id, ts: message.ts, text: message.text, message: { ...message, ...withMetadata(kept) } };
  }),

  "chat.delete": method(["chat:write"], target, (workspace, args) => {
    const { channel, found } = ownMessage(workspace, args, "cant_delete_message");
    channel.remove(found);
    return { channel: channel.id, ts: args.ts };
  }),

  "chat.getPermalink": method([], z.object({ channel: z.string(), message_ts: z.string() }), (workspace, args) => {
    const channel = channelOf(workspace, args.channel);
    const message = channel.find(args.message_ts)?.shown;
    if (!message) throw new Refusal("message_not_found");
    const thread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : "";
    const permalink = `${workspace.url}/archives/${channel.id}/p${message.ts.replace(".", "")}${thread}`;
    return { channel: channel.id, permalink };
  }),
};

/** Text and blocks as kept. Blocks that Slack made from the text follow it; blocks an app sent stay until it sends others. */
function contentOf(
  workspace: Workspace,
  args: z.infer<typeof content>,
  before: Kept | undefined,
): { kept: Omit<Kept, "shown">; fields: Pick<SlackMessage, "text" | "blocks" | "attachments"> } {
  if (!args.text && !args.blocks?.length && !args.attachments?.length) throw new Refusal("no_text");
  if (args.metadata !== undefined && !metadata.safeParse(args.metadata).success) {
    throw new Refusal("invalid_metadata_format");
  }
  const text = args.text === undefined ? (before?.shown.text ?? "") : storedFromApp(args.text);
  const ownBlocks = args.blocks ? args.blocks.length > 0 : (before?.ownBlocks ?? false);
  const sent = args.blocks ?? before?.shown.blocks;
  const made = text === "" ? [] : [richText(text, name => workspace.emoji.has(name))];
  const attachments = args.attachments ?? before?.shown.attachments;
  const kept = args.metadata ?? before?.metadata;
  return {
    kept: { ownBlocks, ...(kept !== undefined && { metadata: kept }) },
    fields: { text, blocks: ownBlocks ? (sent ?? []) : made, ...(attachments && { attachments }) },
  };
}

/** A custom name or icon makes it a `bot_message` without a user; without the scope they are ignored in silence. */
function authorOf(workspace: Workspace, args: z.infer<typeof post>): Partial<SlackMessage> {
  const { username, icon_url, icon_emoji } = args;
  if (!workspace.scopes.has("chat:write.customize") || !(username || icon_url || icon_emoji)) return appOf(workspace);
  const pictures = icon_url && { image_36: icon_url, image_48: icon_url, image_72: icon_url };
  const icons = icon_emoji ? { emoji: icon_emoji } : pictures;
  return {
    subtype: "bot_message",
    bot_id: workspace.botId,
    app_id: workspace.appId,
    username: username || workspace.bot.realName,
    ...(icons && { icons }),
  };
}

function appOf({ bot, botId, appId, teamId, botProfile }: Workspace): Partial<SlackMessage> {
  return { user: bot.id, bot_id: botId, app_id: appId, team: teamId, bot_profile: botProfile };
}

/** A reply to a reply lands in its thread; one to a message that is gone stands in the channel, without a word. */
function threadOf(channel: Channel, ts: string | undefined, isBroadcast: boolean): Partial<SlackMessage> {
  const named = channel.messages.find(({ shown }) => shown.ts === ts)?.shown;
  const thread_ts = named?.thread_ts ?? named?.ts;
  const root = channel.messages.find(({ shown }) => shown.ts === thread_ts)?.shown;
  if (thread_ts === undefined || !root) return {};
  const broadcast = isBroadcast && ({ subtype: "thread_broadcast", root } as const);
  return { thread_ts, ...(root.user && { parent_user_id: root.user }), ...broadcast };
}

function ownMessage(
  workspace: Workspace,
  { channel: id, ts }: z.infer<typeof target>,
  refusal: string,
): { channel: Channel; found: Kept } {
  const channel = joinedChannelOf(workspace, id);
  const found = channel.find(ts);
  if (!found) throw new Refusal("message_not_found");
  if (found.shown.bot_id !== workspace.botId) throw new Refusal(refusal);
  return { channel, found };
}

function withMetadata({ metadata: kept }: Pick<Kept, "metadata">): { metadata?: unknown } {
  return kept === undefined ? {} : { metadata: kept };
}
