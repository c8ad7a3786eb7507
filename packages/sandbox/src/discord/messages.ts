import { announce, messageFlags, put } from "./announce.ts";
import { apiError } from "./api-error.ts";
import { intents } from "./intents.ts";
import { type AllowedMentions, mentionsOf } from "./mentions.ts";
import type { Channel, Message, User, Webhook } from "./model.ts";
import { unarchive } from "./threads.ts";
import type { World } from "./world.ts";

/** What somebody wants to say. */
export interface Draft {
  readonly author: User;
  readonly content: string;
  readonly webhook?: Webhook | undefined;
  readonly avatarUrl?: string | undefined;
  readonly nonce?: string | number | undefined;
  readonly reference?: { readonly channel: string; readonly message: string } | undefined;
  readonly embeds?: readonly object[] | undefined;
  readonly flags?: number | undefined;
  readonly allowed?: AllowedMentions | undefined;
}

/** Says it and tells the gateway. Surrounding white space is cut, as Discord does; throws 50006 if nothing is left. */
export function createMessage(world: World, channel: Channel, draft: Draft): Message {
  const { author, webhook, avatarUrl, nonce, reference, embeds = [], flags = 0, allowed } = draft;
  const content = draft.content.trim();
  if (!content && embeds.length === 0) throw apiError("emptyMessage");
  const answered = reference && world.channels.get(reference.channel)?.messages.get(reference.message);
  const message: Message = {
    id: world.newId(),
    channel: channel.id,
    type: reference ? 19 : 0,
    author,
    content,
    mentions: mentionsOf(world, content, allowed, answered),
    embeds,
    flags,
    editedAt: null,
    ...(webhook && { webhook }),
    ...(avatarUrl !== undefined && { avatarUrl }),
    ...(nonce !== undefined && { nonce }),
    ...(reference && { reference }),
  };
  unarchive(world, channel);
  put(world, channel, message);
  unfurlSoon(world, channel, message);
  return message;
}

/** What changes in an edit; what is left out stays. */
export interface Edit {
  readonly content?: string | undefined;
  readonly embeds?: readonly object[] | undefined;
  readonly flags?: number | undefined;
  readonly allowed?: AllowedMentions | undefined;
}

/** Changes a message and tells the gateway. Without `allowed` an edit may ping again. Throws 50083 in an archived thread. */
export function editMessage(world: World, channel: Channel, message: Message, edit: Edit): void {
  if (channel.thread?.archived) throw apiError("threadArchived");
  const content = edit.content?.trim() ?? message.content;
  const embeds = edit.embeds ?? (content === message.content ? message.embeds : []);
  if (!content && embeds.length === 0) throw apiError("emptyMessage");
  message.content = content;
  message.embeds = embeds;
  message.flags = edit.flags ?? message.flags;
  message.mentions = mentionsOf(world, content, edit.allowed);
  // Discord counts microseconds: two edits never bear the same time.
  message.editedAt = Math.max(Date.now(), (message.editedAt ?? 0) + 1);
  announce(world, message, "MESSAGE_UPDATE");
  unfurlSoon(world, channel, message);
}

/** Deletes those of the messages that exist, and tells the gateway: one by one, or several in one event. */
export function deleteMessages(world: World, channel: Channel, ids: readonly string[], bulk = false): void {
  const deleted = ids.filter(id => channel.messages.delete(id));
  const place = { channel_id: channel.id, guild_id: world.guildId };
  const event = { intent: intents.guildMessages, channel: channel.id };
  if (bulk && deleted.length > 0) {
    world.emit({ ...event, name: "MESSAGE_DELETE_BULK", data: () => ({ ids: deleted, ...place }) });
  } else {
    for (const id of deleted) world.emit({ ...event, name: "MESSAGE_DELETE", data: () => ({ id, ...place }) });
  }
}

/** A link's preview is found after the message was sent: one more update, with `edited_timestamp` as it was. */
function unfurlSoon(world: World, channel: Channel, message: Message): void {
  const url = /(?<!<)https?:\/\/[^\s<>)]+/.exec(message.content)?.[0];
  const mayEmbed = message.author.id !== world.bot.id || world.botMay(channel, "EmbedLinks");
  if (!url || !mayEmbed || message.embeds.length > 0 || message.flags & messageFlags.suppressEmbeds) return;
  const { content } = message;
  setImmediate(() => {
    const stands = world.channels.has(channel.id) && channel.messages.has(message.id);
    if (!stands || message.content !== content) return;
    message.embeds = [{ type: "link", url, title: URL.parse(url)?.hostname ?? url }];
    announce(world, message, "MESSAGE_UPDATE");
  });
}
