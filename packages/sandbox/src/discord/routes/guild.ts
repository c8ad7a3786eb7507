import { Hono } from "hono";
import * as z from "zod";
import { apiError } from "../api-error.ts";
import { parseForm } from "../forms.ts";
import type { Member } from "../model.ts";
import { byAge } from "../snowflake.ts";
import { applicationWire, channelWire, guildWire, memberWire, roleWire, userWire } from "../wire.ts";
import type { World } from "../world.ts";

const page = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(1), after: z.string().default("0") });

/** The bot, its application, and the guild with its channels, people and roles. */
export function guildRoutes(world: World, gatewayUrl: string): Hono {
  const app = new Hono();
  const sessions = { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 };
  app.get("/gateway/bot", c => c.json({ url: gatewayUrl, shards: 1, session_start_limit: sessions }));
  app.get("/users/:user", c => {
    const id = c.req.param("user");
    const user = id === "@me" ? world.bot : world.users.get(id);
    if (!user) throw apiError("unknownUser");
    return c.json(userWire(user));
  });
  app.get("/users/@me/guilds", c => c.json(world.botPresent ? [guildWire(world)] : []));
  app.get("/applications/@me", c => c.json(applicationWire(world)));

  app.use("/guilds/:guild/*", async (c, next) => {
    if (c.req.param("guild") !== world.guildId || !world.botPresent) throw apiError("unknownGuild");
    await next();
  });
  app.get("/guilds/:guild", c => c.json(guildWire(world)));
  app.get("/guilds/:guild/roles", c => c.json([...world.roles.values()].map(roleWire)));
  // All of them: bots are told of channels that they cannot see into.
  app.get("/guilds/:guild/channels", c => {
    const channels = [...world.channels.values()].filter(({ thread }) => !thread);
    return c.json(channels.map(channel => channelWire(world, channel)));
  });
  app.get("/guilds/:guild/threads/active", c => {
    const threads = [...world.channels.values()].filter(
      channel => channel.thread?.archived === false && world.botMay(channel, "ViewChannel"),
    );
    return c.json({ threads: threads.map(thread => channelWire(world, thread)), members: [] });
  });
  app.get("/guilds/:guild/members", c => {
    if (!world.privileged.guildMembers) throw apiError("missingAccess");
    const { limit, after } = parseForm(page, c.req.query());
    const members = [...world.members.values()]
      .filter(({ user }) => byAge(user.id, after) > 0)
      .sort((a, b) => byAge(a.user.id, b.user.id));
    return c.json(members.slice(0, limit).map(memberWire));
  });
  app.get("/guilds/:guild/members/:user", c => c.json(memberWire(memberOf(world, c.req.param("user")))));
  return app;
}

function memberOf(world: World, id: string): Member {
  const member = world.members.get(id);
  if (!member) throw apiError("unknownMember");
  return member;
}
