import type { Person } from "../place.ts";
import { guildCreateWire } from "./gateway-wire.ts";
import { intents } from "./intents.ts";
import type { Channel } from "./model.ts";
import { allPermissions, bitsOf, type Overwrite, type Permission } from "./permissions.ts";
import { channelWire, memberWire, roleWire } from "./wire.ts";
import type { World } from "./world.ts";

/** How somebody is called: the guild shows `nick`, else `displayName`, else the username. */
export interface NewUser {
  readonly displayName?: string;
  readonly nick?: string;
  readonly bot?: boolean;
}

export interface NewChannel {
  /** Hidden from @everyone; the bot is let in by an overwrite of its own. */
  readonly isPrivate?: boolean;
  /** In place of what `isPrivate` sets. */
  readonly overwrites?: readonly Overwrite[];
  readonly topic?: string;
}

export function addPerson(world: World, username: string, { displayName, nick, bot = false }: NewUser): Person {
  const user = world.addUser(username, { globalName: displayName ?? null, bot });
  const member = world.join(user, nick ?? null, []);
  world.emit({
    name: "GUILD_MEMBER_ADD",
    intent: intents.guildMembers,
    data: () => ({ ...memberWire(member), guild_id: world.guildId }),
  });
  return { id: user.id, name: nick ?? displayName ?? username };
}

export function addChannel(world: World, name: string, options: NewChannel): Channel {
  const hidden: Overwrite[] = [
    { id: world.guildId, type: 0, allow: 0n, deny: bitsOf(["ViewChannel"]) },
    { id: world.bot.id, type: 1, allow: bitsOf(["ViewChannel"]), deny: 0n },
  ];
  const channel: Channel = {
    id: world.newId(),
    type: 0,
    name,
    topic: options.topic ?? null,
    overwrites: options.overwrites ?? (options.isPrivate ? hidden : []),
    messages: new Map(),
  };
  world.channels.set(channel.id, channel);
  announceChannel(world, channel, "CHANNEL_CREATE");
  return channel;
}

/** Deletes a channel with its threads, messages and webhooks. */
export function removeChannel(world: World, channel: Channel): void {
  for (const thread of world.threadsOf(channel)) world.channels.delete(thread.id);
  for (const webhook of world.webhooks.values()) {
    if (webhook.channel === channel.id) world.webhooks.delete(webhook.id);
  }
  announceChannel(world, channel, "CHANNEL_DELETE");
  world.channels.delete(channel.id);
}

/**
 * Gives the bot exactly these permissions: in one channel by an overwrite of its own, else through its role.
 * Sight comes from @everyone, so `ViewChannel` can be taken away in a channel only.
 */
export function setBotPermissions(world: World, permissions: readonly Permission[], channel?: Channel): void {
  const allow = bitsOf(permissions);
  if (channel) {
    const others = channel.overwrites.filter(({ id }) => id !== world.bot.id);
    channel.overwrites = [...others, { id: world.bot.id, type: 1, allow, deny: allPermissions & ~allow }];
    announceChannel(world, channel, "CHANNEL_UPDATE");
    return;
  }
  world.botRole.permissions = allow;
  world.emit({
    name: "GUILD_ROLE_UPDATE",
    intent: intents.guilds,
    data: () => ({ guild_id: world.guildId, role: roleWire(world.botRole) }),
  });
}

/** Bots hear of every channel, also of those they cannot see into. */
function announceChannel(world: World, channel: Channel, name: string): void {
  world.emit({ name, intent: intents.guilds, data: () => channelWire(world, channel) });
}

/** Removes the bot from the guild: without `unavailable`, GUILD_DELETE means that. */
export function kickBot(world: World): void {
  world.emit({ name: "GUILD_DELETE", intent: intents.guilds, data: () => ({ id: world.guildId }) });
  world.botPresent = false;
}

export function inviteBot(world: World): void {
  world.botPresent = true;
  world.emit({ name: "GUILD_CREATE", intent: intents.guilds, data: () => guildCreateWire(world) });
}
