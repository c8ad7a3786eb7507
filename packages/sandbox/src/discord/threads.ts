import { announce, messageFlags, put } from "./announce.ts";
import { apiError } from "./api-error.ts";
import { intents } from "./intents.ts";
import type { Channel, Message, User } from "./model.ts";
import { channelWire } from "./wire.ts";
import type { World } from "./world.ts";

/** A public thread on a message; it has the message's id. Throws 160004 if there is one, 50024 inside a thread. */
export function createThread(
  world: World,
  channel: Channel,
  starter: Message,
  { name, owner, autoArchiveMinutes = 4320 }: { name: string; owner: User; autoArchiveMinutes?: number },
): Channel {
  if (channel.thread) throw apiError("wrongChannelType");
  if (world.channels.has(starter.id)) throw apiError("threadExists");
  const thread: Channel = {
    id: starter.id,
    type: 11,
    name,
    topic: null,
    overwrites: [],
    messages: new Map(),
    thread: { parent: channel.id, owner: owner.id, autoArchiveMinutes, archived: false },
  };
  world.channels.set(thread.id, thread);
  world.emit({
    name: "THREAD_CREATE",
    intent: intents.guilds,
    channel: channel.id,
    data: () => ({ ...channelWire(world, thread), newly_created: true }),
  });
  starter.flags |= messageFlags.hasThread;
  announce(world, starter, "MESSAGE_UPDATE");
  put(world, thread, {
    id: world.newId(),
    channel: thread.id,
    type: 21,
    author: starter.author,
    reference: { channel: channel.id, message: starter.id },
    content: "",
    mentions: { users: [], roles: [], everyone: false },
    embeds: [],
    flags: 0,
    editedAt: null,
  });
  return thread;
}

/** Closes a thread: writing into it opens it again, editing in it fails. */
export function archive(world: World, channel: Channel): void {
  setArchived(world, channel, true);
}

/** What sending into a thread does to it. */
export function unarchive(world: World, channel: Channel): void {
  setArchived(world, channel, false);
}

function setArchived(world: World, channel: Channel, archived: boolean): void {
  const { thread } = channel;
  if (!thread || thread.archived === archived) return;
  thread.archived = archived;
  world.emit({
    name: "THREAD_UPDATE",
    intent: intents.guilds,
    channel: thread.parent,
    data: () => channelWire(world, channel),
  });
}
