import { applicationFlags } from "./intents.ts";
import type { Channel, Member, Role, User, Webhook, Wire } from "./model.ts";
import { madeAt } from "./snowflake.ts";
import type { World } from "./world.ts";

/** Discord writes microseconds and an offset. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000+00:00");
}

export function userWire(user: User): Wire {
  return {
    id: user.id,
    username: user.username,
    global_name: user.globalName,
    avatar: user.avatar,
    discriminator: user.bot ? "0000" : "0",
    public_flags: 0,
    bot: user.bot,
  };
}

export function memberWire(member: Member): Wire {
  return {
    user: userWire(member.user),
    nick: member.nick,
    avatar: null,
    roles: member.roles,
    joined_at: timestamp(member.joinedAt),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
  };
}

export function roleWire(role: Role): Wire {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    position: 0,
    managed: false,
    mentionable: false,
    flags: 0,
  };
}

export function guildWire(world: World): Wire {
  return {
    id: world.guildId,
    name: "Sandbox",
    icon: null,
    owner_id: world.owner.id,
    roles: [...world.roles.values()].map(roleWire),
    emojis: [],
    stickers: [],
    features: [],
    afk_timeout: 300,
    afk_channel_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    preferred_locale: "en-US",
  };
}

export function applicationWire(world: World): Wire {
  return {
    id: world.bot.id,
    name: world.bot.username,
    icon: null,
    description: "",
    bot_public: true,
    bot_require_code_grant: false,
    bot: userWire(world.bot),
    owner: userWire(world.owner),
    team: null,
    verify_key: "",
    flags: applicationFlags(world.privileged),
  };
}

export function channelWire(world: World, channel: Channel): Wire {
  const last = [...channel.messages.keys()].at(-1) ?? null;
  const common = {
    id: channel.id,
    type: channel.type,
    guild_id: world.guildId,
    name: channel.name,
    last_message_id: last,
    rate_limit_per_user: 0,
    flags: 0,
  };
  if (!channel.thread) {
    const overwrites = channel.overwrites.map(o => ({ ...o, allow: o.allow.toString(), deny: o.deny.toString() }));
    return {
      ...common,
      parent_id: null,
      position: 0,
      topic: channel.topic,
      nsfw: false,
      permission_overwrites: overwrites,
    };
  }
  const { parent, owner, archived, autoArchiveMinutes } = channel.thread;
  const made = timestamp(madeAt(channel.id));
  return {
    ...common,
    parent_id: parent,
    owner_id: owner,
    message_count: channel.messages.size,
    member_count: 1,
    total_message_sent: channel.messages.size,
    thread_metadata: {
      archived,
      auto_archive_duration: autoArchiveMinutes,
      archive_timestamp: made,
      locked: false,
      create_timestamp: made,
    },
  };
}

/** `token` stays hidden in the webhooks of other applications. */
export function webhookWire(world: World, webhook: Webhook): Wire {
  const owner = world.users.get(webhook.user);
  const foreign = webhook.application !== null && webhook.application !== world.bot.id;
  return {
    id: webhook.id,
    type: 1,
    guild_id: world.guildId,
    channel_id: webhook.channel,
    name: webhook.name,
    avatar: webhook.avatar,
    application_id: webhook.application,
    ...(owner && { user: userWire(owner) }),
    ...(!foreign && { token: webhook.token }),
  };
}
