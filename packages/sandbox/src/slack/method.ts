import { z } from "zod";
import type { Channel } from "./channel.ts";
import type { Workspace } from "./workspace.ts";

const cursorMark = /^next:(.+)$/;

/** The fields of an answer besides `ok`. */
export type Answer = Readonly<Record<string, unknown>>;

/** Slack's way to say no: 200 with `ok: false` and one of its own words. */
export class Refusal extends Error {
  readonly fields: Answer;

  constructor(error: string, fields: Answer = {}) {
    super(error);
    this.fields = fields;
  }
}

/** One Web API method: the token it takes, the scopes of which one is enough, and what it does. */
export interface Method {
  readonly token: "bot" | "app" | "either";
  readonly scopes: readonly string[];
  run(workspace: Workspace, args: unknown): Answer;
}

/** Arguments come as form fields or JSON; a method sees them checked and typed by its schema. */
export function method<Args>(
  scopes: readonly string[],
  schema: z.ZodType<Args>,
  run: (workspace: Workspace, args: Args) => Answer,
  token: Method["token"] = "bot",
): Method {
  return {
    token,
    scopes,
    run(workspace, args) {
      const parsed = schema.safeParse(args);
      if (parsed.success) return run(workspace, parsed.data);
      const messages = parsed.error.issues.map(
        issue => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join("/")}]`,
      );
      throw new Refusal("invalid_arguments", { response_metadata: { messages } });
    },
  };
}

/** A flag as JSON or as a form says it. */
export const flag: z.ZodType<boolean> = z.preprocess(
  value => (typeof value === "string" ? value === "true" || value === "1" : value),
  z.boolean().default(false),
);

/** A nested value: JSON, or JSON in a string. */
export function nested<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((value, context) => {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue("must be valid JSON");
      return z.NEVER;
    }
  }, schema);
}

/** The channel a call names, as far as the bot may know of it. */
export function channelOf(workspace: Workspace, id: string, scope?: "read" | "history"): Channel {
  const channel = workspace.channels.get(id);
  const isMember = channel?.members.has(workspace.bot.id) ?? false;
  if (!channel || (channel.isPrivate && !isMember)) throw new Refusal("channel_not_found");
  if (scope) requireScope(workspace, [`${channel.isPrivate ? "groups" : "channels"}:${scope}`]);
  return channel;
}

/** The channel, where the bot is in it. */
export function joinedChannelOf(workspace: Workspace, id: string, scope?: "history"): Channel {
  const channel = channelOf(workspace, id, scope);
  if (!channel.members.has(workspace.bot.id)) throw new Refusal("not_in_channel");
  return channel;
}

/** One of them is enough. */
export function requireScope(workspace: Workspace, scopes: readonly string[]): void {
  if (scopes.length === 0 || scopes.some(scope => workspace.scopes.has(scope))) return;
  throw new Refusal("missing_scope", { needed: scopes.join(","), provided: [...workspace.scopes].join(",") });
}

/** The items of one page and the cursor to the next, which names its first item; `isFrom` finds it, or what came after it went. */
export function pageOf<T>(
  items: readonly T[],
  limit: number,
  cursor: string | undefined,
  idOf: (item: T) => string,
  isFrom: (id: string, first: string) => boolean = (id, first) => id === first,
): { readonly items: readonly T[]; readonly next: string } {
  const first = cursor ? cursorMark.exec(Buffer.from(cursor, "base64").toString())?.[1] : "";
  if (first === undefined) throw new Refusal("invalid_cursor");
  const from = items.findIndex(item => first === "" || isFrom(idOf(item), first));
  const rest = from < 0 ? [] : items.slice(from);
  const following = rest[limit];
  const next = following === undefined ? "" : Buffer.from(`next:${idOf(following)}`).toString("base64");
  return { items: rest.slice(0, limit), next };
}
