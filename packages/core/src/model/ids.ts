import { z } from "zod";

/** One account on a chat service, by its config key: `slack`, `hub`. Has no colon, so that refs can be written with one. */
export const NetworkName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "a network's name is lower-case letters, digits and dashes, and starts with a letter")
  .brand<"NetworkName">();
export type NetworkName = z.infer<typeof NetworkName>;

/** The network's own id of a channel; only that network's adapter may parse it. Unique within the network. */
export const ChannelId = z.string().min(1).brand<"ChannelId">();
export type ChannelId = z.infer<typeof ChannelId>;

/** The network's own id of a message; only that network's adapter may parse it. Unique within the channel. */
export const MessageId = z.string().min(1).brand<"MessageId">();
export type MessageId = z.infer<typeof MessageId>;

/** One channel on one network, written `slack:C024BE91L`. */
export const ChannelRef = z.object({ network: NetworkName, channel: ChannelId }).readonly();
export type ChannelRef = z.infer<typeof ChannelRef>;

/** One message, written `slack:C024BE91L/1712.0001` where people read it. */
export const MessageRef = z.object({ network: NetworkName, channel: ChannelId, message: MessageId }).readonly();
export type MessageRef = z.infer<typeof MessageRef>;

/** A channel as one string: the key of its lane, its cursor and its link. */
export const ChannelKey = z.string().brand<"ChannelKey">();
export type ChannelKey = z.infer<typeof ChannelKey>;

/** The hub channel's key; it identifies a room whatever the configuration calls it. */
export type RoomId = ChannelKey;

/**
 * Where an adapter stands in a channel's history. Opaque to everybody else; valid for the channel it came from.
 */
export const Cursor = z.string().min(1).brand<"Cursor">();
export type Cursor = z.infer<typeof Cursor>;

/**
 * Names one part of one delivery: 16 lower-case hex digits. A repeated send under one key is one message where the
 * network can promise that, and the copy carries the key as its mark.
 */
export const Key = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<"Key">();
export type Key = z.infer<typeof Key>;

export function channelRef(network: string, channel: string): ChannelRef {
  return { network: NetworkName.parse(network), channel: ChannelId.parse(channel) };
}

export function messageRef(channel: ChannelRef, message: string): MessageRef {
  return { network: channel.network, channel: channel.channel, message: MessageId.parse(message) };
}

export function channelOf(ref: MessageRef): ChannelRef {
  return { network: ref.network, channel: ref.channel };
}

export function channelKey(ref: ChannelRef): ChannelKey {
  return `${ref.network}:${ref.channel}` as ChannelKey; // the one place that writes keys
}

/** Reads `network:channel`; throws a ZodError where it is not one. */
export function parseChannel(text: string): ChannelRef {
  const colon = text.indexOf(":");
  return channelRef(text.slice(0, Math.max(colon, 0)), text.slice(colon + 1));
}
