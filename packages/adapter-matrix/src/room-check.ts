import { type ChannelRef, type Finding, RelayError } from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { errcodeOf, understood } from "./errors.ts";
import { banned, encrypted, invited, isPrivate, kicked, notJoined, powerTooLow } from "./findings.ts";
import { roomPath } from "./room-path.ts";

/** What stands between the account and relaying in a room, as far as it can be seen from where the account is. */
export async function checkRoom(account: Account, channel: ChannelRef): Promise<Finding[]> {
  const room = String(channel.channel);
  const own = await membershipOf(account, room);
  switch (own?.membership) {
    case "join":
      return checkInside(account, channel);
    case "ban":
      return [banned(channel, own.sender)];
    case "invite":
      return checkOutside(account, channel, invited(channel));
    case "leave":
      if (own.sender !== undefined && own.sender !== (await account.self())) return [kicked(channel, own.sender)];
  }
  return checkOutside(account, channel, notJoined(channel));
}

const Membership = z.object({ membership: z.string() });
const MembershipEvent = z.object({ content: Membership, sender: z.string() });

/** The account's own membership; `sender` (who made it so) where the homeserver tells. Undefined where it tells nothing. */
export async function membershipOf(
  account: Account,
  room: string,
): Promise<{ readonly membership: string; readonly sender?: string } | undefined> {
  const user = encodeURIComponent(await account.self());
  const answer = await tryState(account, room, `m.room.member/${user}`);
  const event = MembershipEvent.safeParse(answer).data;
  return event ? { membership: event.content.membership, sender: event.sender } : Membership.safeParse(answer).data;
}

const Summary = z.object({
  join_rule: z.string().optional(),
  membership: z.string().optional(),
  encryption: z.string().optional(),
});

/** What a room shows to those who are not in it (Matrix 1.15). Not accessible means not public. */
async function checkOutside(account: Account, channel: ChannelRef, state: Finding): Promise<Finding[]> {
  const path = `/_matrix/client/v1/room_summary/${encodeURIComponent(channel.channel)}`;
  try {
    const summary = understood(Summary, await account.call("GET", path));
    const rule = summary.join_rule;
    if (summary.membership === "ban") return [banned(channel)];
    return [
      state,
      ...(rule !== undefined && rule !== "public" ? [isPrivate(channel, rule)] : []),
      ...(summary.encryption === undefined ? [] : [encrypted(channel)]),
    ];
  } catch (error) {
    if (!(error instanceof RelayError) || error.retry === "later" || error.code === "unauthorized") throw error;
    // A homeserver without summaries: what the room is shows once we are in it.
    const isHidden = errcodeOf(error) === "M_NOT_FOUND" || errcodeOf(error) === "M_FORBIDDEN";
    return isHidden ? [state, isPrivate(channel)] : [state];
  }
}

const JoinRules = z.object({ join_rule: z.string() });

async function checkInside(account: Account, channel: ChannelRef): Promise<Finding[]> {
  const room = String(channel.channel);
  const [encryption, rules, power] = await Promise.all([
    tryState(account, room, "m.room.encryption"),
    tryState(account, room, "m.room.join_rules"),
    checkPower(account, channel),
  ]);
  const rule = JoinRules.safeParse(contentOf(rules)).data?.join_rule ?? "invite";
  return [
    ...(encryption === undefined ? [] : [encrypted(channel)]),
    ...(rule === "public" ? [] : [isPrivate(channel, rule)]),
    ...power,
  ];
}

const PowerLevels = z.object({
  users: z.record(z.string(), z.number()).optional(),
  users_default: z.number().optional(),
  events: z.record(z.string(), z.number()).optional(),
  events_default: z.number().optional(),
});

async function checkPower(account: Account, channel: ChannelRef): Promise<Finding[]> {
  const user = await account.self();
  const answer = await tryState(account, channel.channel, "m.room.power_levels");
  const levels = PowerLevels.safeParse(contentOf(answer)).data ?? {};
  const has = levels.users?.[user] ?? levels.users_default ?? 0;
  const needs = levels.events?.["m.room.message"] ?? levels.events_default ?? 0;
  if (has >= needs || (await isAlmighty(account, channel.channel, user))) return [];
  return [powerTooLow(channel, has, needs)];
}

const StateEvent = z.object({
  type: z.string(),
  sender: z.string(),
  content: z
    .object({ room_version: z.string().optional(), additional_creators: z.array(z.string()).optional() })
    .catch({}),
});

/** Since room version 12 creators stand in no list of power levels and may do anything. */
async function isAlmighty(account: Account, room: string, user: string): Promise<boolean> {
  const state = understood(z.array(z.unknown()), await account.call("GET", roomPath(room, "state")));
  const create = state.map(event => StateEvent.safeParse(event).data).find(event => event?.type === "m.room.create");
  if (!create || Number(create.content.room_version ?? 1) < 12) return false;
  return create.sender === user || (create.content.additional_creators ?? []).includes(user);
}

const Wrapped = z.object({ content: z.unknown(), event_id: z.string() });

/** Asked for whole events, not every homeserver gives them. */
function contentOf(answer: unknown): unknown {
  const event = Wrapped.safeParse(answer).data;
  return event ? event.content : answer;
}

/** Undefined where the room has no such state, or does not show it to us. */
async function tryState(account: Account, room: string, what: string): Promise<unknown> {
  try {
    return await account.call("GET", roomPath(room, `state/${what}`), { query: { format: "event" } });
  } catch (error) {
    if (error instanceof RelayError && (error.code === "not-found" || error.code === "forbidden")) return undefined;
    throw error;
  }
}
