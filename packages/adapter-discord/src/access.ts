import type { z } from "zod";
import { type ChannelPayload, GuildPayload, MemberPayload, ChannelPayload as Payload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** https://discord.com/developers/docs/topics/permissions */
const administrator = 1n << 3n;
export const viewChannel: bigint = 1n << 10n;
export const readHistory: bigint = 1n << 16n;

/** What a relay needs in a channel, as Discord's settings call it. */
export const needed: ReadonlyMap<string, bigint> = new Map([
  ["View Channel", viewChannel],
  ["Read Message History", readHistory],
  ["Send Messages", 1n << 11n],
  ["Manage Webhooks", 1n << 29n],
]);

export interface Access {
  readonly channel: ChannelPayload;
  readonly permissions: bigint;
  /** Anybody in the guild may see it. */
  readonly isPublic: boolean;
}

/** What the bot, and what everybody, may do in a channel. Rejects with `not-found` or `forbidden` where it can't even ask. */
export async function accessTo(rest: Rest, channelId: string, botId: string): Promise<Access> {
  const channel = await rest.get(Payload, `/channels/${channelId}`);
  const { guild_id: guildId } = channel;
  if (guildId === undefined) return { channel, permissions: 0n, isPublic: false };
  const [guild, member] = await Promise.all([
    rest.get(GuildPayload, `/guilds/${guildId}`),
    rest.get(MemberPayload, `/guilds/${guildId}/members/${botId}`),
  ]);
  const isOwner = guild.owner_id === botId;
  return {
    channel,
    permissions: isOwner ? -1n : permissionsIn(channel, guild, { id: botId, roles: member.roles }),
    isPublic: (permissionsIn(channel, guild, { id: "", roles: [] }) & viewChannel) !== 0n,
  };
}

/** @everyone first, then all roles together, then the member; at each step what is denied, then what is allowed. */
export function permissionsIn(
  channel: Pick<ChannelPayload, "permission_overwrites">,
  guild: z.infer<typeof GuildPayload>,
  member: { readonly id: string; readonly roles: readonly string[] },
): bigint {
  const base = guild.roles
    .filter(({ id }) => id === guild.id || member.roles.includes(id))
    .reduce((bits, role) => bits | BigInt(role.permissions), 0n);
  if (base & administrator) return -1n;
  const steps = [
    channel.permission_overwrites.filter(({ id }) => id === guild.id),
    channel.permission_overwrites.filter(({ id }) => id !== guild.id && member.roles.includes(id)),
    channel.permission_overwrites.filter(({ id }) => id === member.id),
  ];
  return steps.reduce((bits, step) => {
    const deny = step.reduce((all, overwrite) => all | BigInt(overwrite.deny), 0n);
    const allow = step.reduce((all, overwrite) => all | BigInt(overwrite.allow), 0n);
    return (bits & ~deny) | allow;
  }, base);
}
