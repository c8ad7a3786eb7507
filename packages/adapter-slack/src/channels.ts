import { type ChannelRef, channelRef, type Finding, type NetworkName, RelayError } from "@fanin/core";
import { z } from "zod";
import type { SlackApi } from "./api.ts";
import { refusalOf } from "./errors.ts";
import * as findings from "./findings.ts";
import { type Conversation, ConversationInfo, ConversationList } from "./payload.ts";

/** An id as it is, a name (`#general` or `general`) by the list of channels. Rejects with the finding `unknown-channel`. */
export async function resolveChannel(api: SlackApi, network: NetworkName, name: string): Promise<ChannelRef> {
  const id = /^[CG][A-Z0-9]{5,}$/.test(name)
    ? (await infoOf(api, name)).id
    : await idByName(api, name.replace(/^#/, ""));
  if (id === undefined) throw unknownChannel(name);
  return channelRef(network, id);
}

/** What hinders a link with this channel. */
export async function checkChannel(api: SlackApi, channel: ChannelRef): Promise<Finding[]> {
  let info: Conversation;
  try {
    info = await infoOf(api, channel.channel);
  } catch (error) {
    if (error instanceof RelayError && error.finding) return [{ ...error.finding, channel }];
    throw error;
  }
  return [
    ...(info.is_archived ? [findings.archived(channel)] : []),
    ...(info.is_private ? [findings.privateChannel(channel)] : []),
    ...(info.is_member ? [] : [findings.notJoined(channel, info.is_private ?? false)]),
    ...(info.is_read_only ? [findings.readOnly(channel)] : []),
  ];
}

/** Joins a public channel; into a private one the app must be invited. */
export async function joinChannel(api: SlackApi, channel: ChannelRef): Promise<void> {
  const info = await infoOf(api, channel.channel);
  if (info.is_member) return;
  if (info.is_private) {
    const finding = findings.notJoined(channel, true);
    throw new RelayError("forbidden", `${finding.says} ${finding.cure}`, { retry: "never", finding });
  }
  await api("conversations.join", { channel: channel.channel }, z.unknown());
}

async function infoOf(api: SlackApi, id: string): Promise<Conversation> {
  try {
    return (await api("conversations.info", { channel: id }, ConversationInfo)).channel;
  } catch (error) {
    if (refusalOf(error) === "channel_not_found") throw unknownChannel(id);
    throw error;
  }
}

async function idByName(api: SlackApi, name: string): Promise<string | undefined> {
  let cursor: string | undefined;
  do {
    const args = { types: "public_channel,private_channel", limit: 1000, ...(cursor && { cursor }) };
    const { channels, response_metadata } = await api("conversations.list", args, ConversationList);
    const found = channels.find(each => each.name === name || each.name_normalized === name);
    if (found) return found.id;
    cursor = response_metadata?.next_cursor;
  } while (cursor);
  return undefined;
}

function unknownChannel(name: string): RelayError {
  const finding = findings.unknownChannel(name);
  return new RelayError("bad-config", `${finding.says} ${finding.cure}`, { retry: "never", finding });
}
