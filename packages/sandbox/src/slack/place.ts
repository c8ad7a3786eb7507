import type { Person, Place, Said } from "../place.ts";
import type { Channel } from "./channel.ts";
import type { Kept, SlackMessage } from "./message.ts";
import { richText } from "./rich-text.ts";
import { shownText } from "./shown-text.ts";
import { storedFromTyped } from "./stored-text.ts";
import type { Workspace } from "./workspace.ts";

/** A channel as people with a Slack client have it. */
export function createPlace(workspace: Workspace, channel: Channel, people: readonly Person[]): Place {
  const texts = new WeakMap<SlackMessage, string>();
  const textOf = (message: SlackMessage): string => {
    const text = texts.get(message) ?? shownText(message, workspace.nameOf);
    texts.set(message, text);
    return text;
  };
  return {
    name: `#${channel.name}`,
    people,
    canEdit: true,

    said: () => channel.messages.flatMap(({ shown }) => (isSaid(shown) ? saidOf(workspace, shown, textOf(shown)) : [])),

    async say(person, text, options) {
      const { user, team } = speaker(workspace, channel, person);
      const parent = options?.replyTo === undefined ? undefined : found(channel, options.replyTo).shown;
      const thread_ts = parent?.thread_ts ?? parent?.ts;
      const root = thread_ts && channel.messages.find(({ shown }) => shown.ts === thread_ts)?.shown.user;
      const thread = thread_ts && { thread_ts, ...(root && { parent_user_id: root }) };
      const client_msg_id = crypto.randomUUID();
      return channel.post({ user, client_msg_id, ...typed(workspace, text), team, ...thread }).ts;
    },

    async edit(person, id, text) {
      const { user } = speaker(workspace, channel, person);
      const { shown, ...kept } = own(channel, id, user, "cant_update_message");
      const edited = { user, ts: `${Math.floor(Date.now() / 1000)}.000000` };
      channel.change({ ...shown, ...typed(workspace, text), edited }, kept);
    },

    async remove(person, id) {
      const { user } = speaker(workspace, channel, person);
      channel.remove(own(channel, id, user, "cant_delete_message"));
    },

    watch: changed => channel.watch(changed),
  };
}

function typed(workspace: Workspace, text: string): Pick<SlackMessage, "text" | "blocks"> {
  const stored = storedFromTyped(text);
  return { text: stored, blocks: [richText(stored, name => workspace.emoji.has(name))] };
}

/** People are refused with the words the Web API has for it. */
function speaker(workspace: Workspace, channel: Channel, person: string): { user: string; team: string } {
  if (!channel.members.has(person)) throw new Error("not_in_channel");
  if (channel.isArchived) throw new Error("is_archived");
  return { user: person, team: workspace.teamId };
}

function found(channel: Channel, ts: string): Kept {
  const message = channel.find(ts);
  if (!message) throw new Error("message_not_found");
  return message;
}

function own(channel: Channel, ts: string, user: string, refusal: string): Kept {
  const message = found(channel, ts);
  if (message.shown.user !== user) throw new Error(refusal);
  return message;
}

function isSaid({ subtype }: SlackMessage): boolean {
  return subtype === undefined || subtype === "bot_message" || subtype === "thread_broadcast";
}

function saidOf(workspace: Workspace, message: SlackMessage, text: string): Said {
  const { ts, thread_ts, user = workspace.bot.id, icons } = message;
  return {
    id: ts,
    author: message.username ?? workspace.nameOf(user),
    relayed: message.bot_id !== undefined,
    text,
    edited: message.edited !== undefined,
    ...(thread_ts !== undefined && { replyTo: thread_ts }),
    avatarUrl: icons?.["image_72"] ?? `${workspace.url}/avatars/${user}-72.svg`,
    at: Math.floor(Number(ts) * 1000),
  };
}
