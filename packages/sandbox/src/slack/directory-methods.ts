import { z } from "zod";
import { type Answer, type Method, method, pageOf, Refusal } from "./method.ts";
import type { User, Workspace } from "./workspace.ts";

const nothing = z.object({});

/** Who and what a workspace has: https://docs.slack.dev/reference/methods */
export const directoryMethods: Readonly<Record<string, Method>> = {
  "auth.test": method(
    [],
    nothing,
    ({ url, name, bot, botId, teamId }) => ({
      url: `${url}/`,
      team: name,
      user: bot.name,
      team_id: teamId,
      user_id: bot.id,
      bot_id: botId,
      is_enterprise_install: false,
    }),
    "either",
  ),

  "users.info": method(["users:read"], z.object({ user: z.string() }), (workspace, args) => {
    const user = workspace.users.get(args.user);
    if (!user) throw new Refusal("user_not_found");
    return { user: describe(workspace, user) };
  }),

  "users.list": method(
    ["users:read"],
    z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(0).max(1000).default(0) }),
    (workspace, args) => {
      const users = [...workspace.users.values()];
      const { items, next } = pageOf(users, args.limit || users.length, args.cursor, user => user.id);
      return { members: items.map(user => describe(workspace, user)), response_metadata: { next_cursor: next } };
    },
  ),

  "bots.info": method(["users:read"], z.object({ bot: z.string() }), (workspace, args) => {
    if (args.bot !== workspace.botId) throw new Refusal("bot_not_found");
    const { team_id: _team, ...bot } = workspace.botProfile;
    return { bot };
  }),

  "team.info": method(["team:read"], nothing, ({ teamId, name, url }) => ({
    team: {
      id: teamId,
      name,
      domain: name.replaceAll(" ", "-"),
      url: `${url}/`,
      email_domain: "",
      icon: { image_default: true },
    },
  })),

  "emoji.list": method(["emoji:read"], nothing, ({ emoji }) => ({
    emoji: Object.fromEntries(emoji),
    cache_ts: `${Math.floor(Date.now() / 1000)}.000000`,
  })),

  "usergroups.list": method(["usergroups:read"], nothing, ({ usergroups, teamId }) => ({
    usergroups: [...usergroups.values()].map(({ id, handle, users }) => ({
      ...{ id, handle, name: handle, team_id: teamId, is_usergroup: true, user_count: users.length, users },
    })),
  })),
};

function describe(workspace: Workspace, user: User): Answer {
  const { id, name, realName, displayName, isBot } = user;
  const asBot = isBot && { api_app_id: workspace.appId, bot_id: workspace.botId };
  return {
    ...{ id, team_id: workspace.teamId, name, real_name: realName, deleted: false, is_bot: isBot, is_app_user: false },
    profile: {
      ...{ real_name: realName, real_name_normalized: realName },
      ...{ display_name: displayName, display_name_normalized: displayName, team: workspace.teamId },
      ...workspace.pictures(id, [24, 32, 48, 72, 192, 512, 1024]),
      ...asBot,
    },
  };
}
