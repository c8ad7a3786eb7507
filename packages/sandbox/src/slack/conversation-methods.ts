import { z } from "zod";
import type { Channel } from "./channel.ts";
import type { Kept } from "./message.ts";
import {
  type Answer,
  channelOf,
  flag,
  joinedChannelOf,
  type Method,
  method,
  pageOf,
  Refusal,
  requireScope,
} from "./method.ts";
import type { Workspace } from "./workspace.ts";

const page = (most: number, usual: number) =>
  z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(most).default(usual) });
const time = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .optional();
const span = z.object({
  channel: z.string(),
  oldest: time,
  latest: time,
  inclusive: flag,
  include_all_metadata: flag,
});
const reading = ["channels:read", "groups:read", "mpim:read", "im:read"];
const history = ["channels:history", "groups:history", "mpim:history", "im:history"];

/** https://docs.slack.dev/reference/methods?family=conversations */
export const conversationMethods: Readonly<Record<string, Method>> = {
  "conversations.info": method(
    reading,
    z.object({ channel: z.string(), include_num_members: flag }),
    (workspace, args) => {
      const channel = channelOf(workspace, args.channel, "read");
      const members = args.include_num_members && { num_members: channel.members.size };
      return { channel: { ...describe(workspace, channel), ...members } };
    },
  ),

  "conversations.list": method(
    reading,
    page(1000, 100).extend({ types: z.string().default("public_channel"), exclude_archived: flag }),
    (workspace, args) => {
      const types = args.types.split(",").map(type => type.trim());
      if (types.includes("public_channel")) requireScope(workspace, ["channels:read"]);
      if (types.includes("private_channel")) requireScope(workspace, ["groups:read"]);
      const listed = [...workspace.channels.values()]
        .filter(each => types.includes(each.isPrivate ? "private_channel" : "public_channel"))
        .filter(each => !each.isPrivate || each.members.has(workspace.bot.id))
        .filter(each => !(args.exclude_archived && each.isArchived));
      const { items, next } = pageOf(listed, args.limit, args.cursor, each => each.id);
      return { channels: items.map(each => describe(workspace, each)), response_metadata: { next_cursor: next } };
    },
  ),

  "conversations.members": method(reading, page(1000, 100).extend({ channel: z.string() }), (workspace, args) => {
    const channel = channelOf(workspace, args.channel, "read");
    const { items, next } = pageOf([...channel.members], args.limit, args.cursor, id => id);
    return { members: items, response_metadata: { next_cursor: next } };
  }),

  "conversations.join": method(["channels:join"], z.object({ channel: z.string() }), (workspace, args) => {
    const channel = channelOf(workspace, args.channel);
    if (channel.isPrivate) throw new Refusal("method_not_supported_for_channel_type");
    if (channel.isArchived) throw new Refusal("is_archived");
    const warning = "already_in_channel";
    const already = channel.members.has(workspace.bot.id) && { warning, response_metadata: { warnings: [warning] } };
    workspace.join(channel, workspace.bot.id);
    return { channel: describe(workspace, channel), ...already };
  }),

  // Newest first, and of a thread only its parent and what was also sent to the channel.
  "conversations.history": method(history, page(999, 100).extend(span.shape), (workspace, args) => {
    const channel = joinedChannelOf(workspace, args.channel, "history");
    const listed = channel.messages.filter(({ shown }) => isTopLevel(shown) && isWithin(shown.ts, args)).toReversed();
    return {
      ...pageOfMessages(channel, listed, args, (ts, first) => ts <= first),
      pin_count: 0,
      channel_actions_ts: null,
      channel_actions_count: 0,
    };
  }),

  // Oldest first, the parent before all.
  "conversations.replies": method(
    history,
    page(1000, 1000).extend({ ...span.shape, ts: z.string() }),
    (workspace, args) => {
      const channel = joinedChannelOf(workspace, args.channel, "history");
      const named = channel.messages.find(({ shown }) => shown.ts === args.ts)?.shown;
      const thread = named?.thread_ts ?? named?.ts;
      const parent = channel.messages.find(({ shown }) => shown.ts === thread);
      if (!thread || !parent) throw new Refusal("thread_not_found");
      const replies = channel.replies(thread).filter(({ shown }) => isWithin(shown.ts, args));
      return pageOfMessages(channel, [parent, ...replies], args, (ts, first) => ts >= first);
    },
  ),
};

function pageOfMessages(
  channel: Channel,
  listed: readonly Kept[],
  args: { limit: number; cursor?: string | undefined; include_all_metadata: boolean },
  isFrom: (ts: string, first: string) => boolean,
): Answer {
  const { items, next } = pageOf(listed, args.limit, args.cursor, ({ shown }) => shown.ts, isFrom);
  return {
    messages: items.map(({ shown, metadata }) => ({
      ...shown,
      ...threadFields(channel, shown.ts),
      ...(args.include_all_metadata && metadata !== undefined && { metadata }),
    })),
    has_more: next !== "",
    ...(next && { response_metadata: { next_cursor: next } }),
  };
}

function threadFields(channel: Channel, ts: string): Answer {
  const replies = channel.replies(ts).map(({ shown }) => shown);
  const latest = replies.at(-1);
  if (!latest) return {};
  const users = [...new Set(replies.flatMap(({ user, bot_id }) => user ?? bot_id ?? []))];
  const counts = { reply_count: replies.length, reply_users_count: users.length, reply_users: users.slice(0, 5) };
  return { thread_ts: ts, ...counts, latest_reply: latest.ts, is_locked: false, subscribed: false };
}

function isTopLevel({ ts, thread_ts, subtype }: Kept["shown"]): boolean {
  return thread_ts === undefined || thread_ts === ts || subtype === "thread_broadcast";
}

/** Compared as numbers: callers leave zeros of the fraction out, or the fraction. */
function isWithin(ts: string, { oldest, latest, inclusive }: z.infer<typeof span>): boolean {
  const at = Number(ts);
  const [from, to] = [Number(oldest ?? 0), Number(latest ?? Number.POSITIVE_INFINITY)];
  return (at > from && at < to) || (inclusive && (at === from || at === to));
}

function describe(workspace: Workspace, channel: Channel): Answer {
  const { id, name, isPrivate, created } = channel;
  return {
    ...{ id, name, name_normalized: name, created, creator: "USLACKBOT", context_team_id: workspace.teamId },
    ...{ is_channel: true, is_group: false, is_im: false, is_mpim: false, is_private: isPrivate, is_general: false },
    ...{ is_archived: channel.isArchived, is_member: channel.members.has(workspace.bot.id), unlinked: 0 },
    ...{ is_shared: false, is_ext_shared: false, is_org_shared: false, previous_names: [] },
    ...{ topic: { value: "", creator: "", last_set: 0 }, purpose: { value: "", creator: "", last_set: 0 } },
  };
}
