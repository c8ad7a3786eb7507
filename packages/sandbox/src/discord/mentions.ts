import * as z from "zod";
import type { Mentions, Message } from "./model.ts";
import type { World } from "./world.ts";

/** https://discord.com/developers/docs/resources/message#allowed-mentions-object */
export const allowedMentions = z.object({
  parse: z.array(z.enum(["roles", "users", "everyone"])).default([]),
  users: z.array(z.string()).max(100).default([]),
  roles: z.array(z.string()).max(100).default([]),
  replied_user: z.boolean().default(false),
});

export type AllowedMentions = z.infer<typeof allowedMentions>;

/** Whom a text pings: nobody in code, and without `allowed` everybody it names. */
export function mentionsOf(world: World, content: string, allowed?: AllowedMentions, answered?: Message): Mentions {
  const spoken = content.replaceAll(/```[\s\S]*?```|`[^`]*`/g, "");
  const users = idsIn(spoken, /<@!?(\d+)>/g).filter(id => world.users.has(id) && may(id, "users", allowed));
  const roles = idsIn(spoken, /<@&(\d+)>/g).filter(id => world.roles.has(id) && may(id, "roles", allowed));
  const repliedTo = answered && (allowed?.replied_user ?? true) ? answered.author.id : undefined;
  if (repliedTo && world.users.has(repliedTo)) users.push(repliedTo);
  return {
    users: [...new Set(users)],
    roles: [...new Set(roles)],
    everyone: /@(everyone|here)/.test(spoken) && (allowed?.parse.includes("everyone") ?? true),
  };
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(match => match[1] ?? []);
}

function may(id: string, kind: "users" | "roles", allowed: AllowedMentions | undefined): boolean {
  return !allowed || allowed.parse.includes(kind) || allowed[kind].includes(id);
}
