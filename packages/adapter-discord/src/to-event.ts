import type { FileNote, MessageRef, NetworkName } from "@fanin/core";
import { type ChannelRef, type Created, Cursor, channelRef, type Deleted, type Edited, findMark } from "@fanin/core";
import { authorOf } from "./author.ts";
import type { Names } from "./parse.ts";
import type { MessagePayload } from "./payload.ts";
import { refOf, type Spot } from "./spot.ts";
import { contentOf, isRelayed } from "./wording.ts";

/** What reading a payload takes beside the payload. */
export interface Reading {
  readonly names: Names;
  readonly cdnUrl: string;
}

const threadStarted = 18;

/** A message, live or from history → the same event; undefined for kinds that are not relayed. */
export function toCreated(message: MessagePayload, spot: Spot, reading: Reading): Created | undefined {
  if (!isRelayed(message.type)) return undefined;
  const channel = channelRef(reading.names.network, spot.channel);
  const replyTo = replyOf(message, spot, channel);
  const key = findMark(message.author.username);
  return {
    type: "created",
    id: `created:${message.id}`,
    channel,
    cursor: Cursor.parse(message.id),
    message: {
      ref: ownRef(message, spot, channel),
      author: authorOf(message, reading.cdnUrl),
      content: contentOf(message, reading.names),
      files: filesOf(message),
      ...(replyTo ? { replyTo } : {}),
      ...(spot.thread === undefined ? {} : { thread: refOf(channel, undefined, spot.thread) }),
      at: Date.parse(message.timestamp),
      ...(key ? { key } : {}),
    },
  };
}

/**
 * MESSAGE_UPDATE → edit. It also comes for previews, pins and threads: then `edited_timestamp` is null, or that of an
 * earlier edit, whose event has the same id.
 */
export function toEdited(message: MessagePayload, spot: Spot, reading: Reading): Edited | undefined {
  if (!isRelayed(message.type) || !message.edited_timestamp) return undefined;
  const channel = channelRef(reading.names.network, spot.channel);
  return {
    type: "edited",
    id: `edited:${message.id}:${message.edited_timestamp}`,
    channel,
    ref: ownRef(message, spot, channel),
    author: authorOf(message, reading.cdnUrl),
    content: contentOf(message, reading.names),
    files: filesOf(message),
    at: Date.parse(message.edited_timestamp),
  };
}

export function toDeleted(message: string, spot: Spot, network: NetworkName, at: number): Deleted {
  const channel = channelRef(network, spot.channel);
  return { type: "deleted", id: `deleted:${message}`, channel, ref: refOf(channel, spot.thread, message), at };
}

/** A thread that hangs on no message has the notice of its start for a root: the two go by the thread's id. */
function ownRef(message: MessagePayload, spot: Spot, channel: ChannelRef): MessageRef {
  const started = message.type === threadStarted ? message.message_reference?.channel_id : undefined;
  return started === undefined ? refOf(channel, spot.thread, message.id) : refOf(channel, undefined, started);
}

function replyOf(message: MessagePayload, spot: Spot, channel: ChannelRef): MessageRef | undefined {
  const { type, message_id, channel_id } = message.message_reference ?? {};
  const isHere = channel_id === undefined || channel_id === (spot.thread ?? spot.channel);
  return type === 0 && message.type !== threadStarted && message_id !== undefined && isHere
    ? refOf(channel, spot.thread, message_id)
    : undefined;
}

function filesOf({ attachments }: MessagePayload): FileNote[] {
  return attachments.map(({ filename, size }) => ({
    name: filename,
    ...(size === undefined ? {} : { sizeBytes: size }),
  }));
}
