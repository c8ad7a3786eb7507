import { isDeepStrictEqual } from "node:util";
import {
  type Author,
  type ChannelRef,
  type Content,
  Cursor,
  channelRef,
  Key,
  type MessageRef,
  messageRef,
  type NetworkName,
  type RelayEvent,
} from "@fanin/core";
import { filesOf, parseMessage } from "./parse.ts";
import type { MessageEvent, SlackMessage } from "./payload.ts";

/** What is known of an id: a person, a bot, a channel (`name` without `#`), a user group. */
export interface Known {
  readonly name: string;
  readonly avatarUrl?: string;
}
export type LookUp = (id: string) => Known | undefined;

/** The metadata that copies carry: https://docs.slack.dev/messaging/message-metadata. */
export const copyEventType = "fanin_copy";

/** What people and bots say; every other subtype tells of the channel itself. */
const spoken = new Set(["bot_message", "me_message", "file_share", "thread_broadcast"]);

/** A live event as a relay event; undefined where it concerns nobody else (joins, unfurls, reply counters). Pure. */
export function toEvent(network: NetworkName, event: MessageEvent, lookUp: LookUp): RelayEvent | undefined {
  const channel = channelRef(network, event.channel);
  if (event.subtype === "message_deleted" && "deleted_ts" in event) return deleted(channel, event.deleted_ts, event.ts);
  if (!("message" in event)) return "deleted_ts" in event ? undefined : toHistoryEvent(channel, event, lookUp);
  const { message, previous_message: before } = event;
  if (message.subtype === "tombstone") return deleted(channel, message.ts, event.ts);
  if (!isSpoken(message)) return undefined;
  const shown = { content: contentOf(message, network, lookUp), files: filesOf(message) };
  // Slack tells of unfurls, detected languages and reply counters in the same way; nothing that is read differs then.
  if (before && isDeepStrictEqual(shown, { content: contentOf(before, network, lookUp), files: filesOf(before) }))
    return undefined;
  return {
    type: "edited",
    // Not by `edited.ts`, which counts whole seconds: two edits in one second are two.
    id: `edited:${message.ts}:${event.ts}`,
    channel,
    ref: messageRef(channel, message.ts),
    author: authorOf(message, lookUp),
    ...shown,
    at: millisOf(event.ts),
  };
}

/** A message of the channel's history as the event that a live reader got; carries the cursor. Pure. */
export function toHistoryEvent(channel: ChannelRef, message: SlackMessage, lookUp: LookUp): RelayEvent | undefined {
  if (message.subtype === "tombstone")
    return { ...deleted(channel, message.ts, message.ts), cursor: cursorAt(message.ts) };
  if (!isSpoken(message)) return undefined;
  const ref = messageRef(channel, message.ts);
  const root = threadRootOf(channel, message);
  const key = keyOf(message);
  return {
    type: "created",
    id: `created:${message.ts}`,
    channel,
    cursor: cursorAt(message.ts),
    message: {
      ref,
      author: authorOf(message, lookUp),
      content: contentOf(message, channel.network, lookUp),
      files: filesOf(message),
      ...(root && { replyTo: root, thread: root }),
      at: millisOf(message.ts),
      ...(key && { key }),
    },
  };
}

/** The mark of a copy of ours, which Slack shows in history alone. */
export function keyOf(message: SlackMessage): Key | undefined {
  if (message.metadata?.event_type !== copyEventType) return undefined;
  return Key.safeParse(message.metadata.event_payload["key"]).data;
}

export function cursorAt(ts: string): Cursor {
  return Cursor.parse(ts);
}

function isSpoken(message: SlackMessage): boolean {
  return message.subtype === undefined || spoken.has(message.subtype);
}

function contentOf(message: SlackMessage, network: NetworkName, lookUp: LookUp): Content {
  return parseMessage(message, network, id => lookUp(id)?.name);
}

function threadRootOf(channel: ChannelRef, { ts, thread_ts }: SlackMessage): MessageRef | undefined {
  return thread_ts && thread_ts !== ts ? messageRef(channel, thread_ts) : undefined;
}

/** Posts under a name of their own have no user; every app's post names its bot and its app, by which ours are known. */
function authorOf(message: SlackMessage, lookUp: LookUp): Author {
  const { user, bot_id, app_id, username, icons, bot_profile } = message;
  const id = user ?? bot_id ?? "unknown";
  // Looked up only where the message itself does not say.
  const known = username || bot_profile?.name ? undefined : lookUp(id);
  const picture = [icons, bot_profile?.icons].map(each => each?.image_72 ?? each?.image_48).find(Boolean);
  const avatarUrl = username && !icons ? undefined : (picture ?? known?.avatarUrl);
  const via = [bot_id, app_id, bot_profile?.user_id].flatMap(each => each || []);
  return {
    id,
    name: username || bot_profile?.name || known?.name || id,
    ...(avatarUrl && URL.canParse(avatarUrl) && { avatarUrl }),
    ...(bot_id && { via }),
  };
}

function deleted(channel: ChannelRef, ts: string, at: string): RelayEvent {
  return { type: "deleted", id: `deleted:${ts}`, channel, ref: messageRef(channel, ts), at: millisOf(at) };
}

function millisOf(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}
