import { applicationFlags } from "./intents.ts";
import type { Wire } from "./model.ts";
import { channelWire, guildWire, memberWire, timestamp, userWire } from "./wire.ts";
import type { World } from "./world.ts";

/** What a session starts with; the guild itself follows as GUILD_CREATE. */
export function readyWire(world: World, sessionId: string, resumeUrl: string): Wire {
  return {
    v: 10,
    user: { ...userWire(world.bot), verified: true, mfa_enabled: false, email: null },
    guilds: world.botPresent ? [{ id: world.guildId, unavailable: true }] : [],
    session_id: sessionId,
    resume_gateway_url: resumeUrl,
    shard: [0, 1],
    application: { id: world.bot.id, flags: applicationFlags(world.privileged) },
  };
}

/** The guild with all it holds. Its channels are all there, seen or not; of the threads those that the bot sees. */
export function guildCreateWire(world: World): Wire {
  const all = [...world.channels.values()];
  const threads = all.filter(channel => channel.thread?.archived === false && world.botMay(channel, "ViewChannel"));
  return {
    ...guildWire(world),
    unavailable: false,
    large: false,
    joined_at: timestamp(world.members.get(world.bot.id)?.joinedAt ?? Date.now()),
    member_count: world.members.size,
    members: [...world.members.values()].map(memberWire),
    channels: all.filter(({ thread }) => !thread).map(channel => channelWire(world, channel)),
    threads: threads.map(thread => channelWire(world, thread)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
