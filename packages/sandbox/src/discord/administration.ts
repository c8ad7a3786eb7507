import type { Person, Place } from "../place.ts";
import {
  addChannel,
  addPerson,
  inviteBot,
  kickBot,
  type NewChannel,
  type NewUser,
  removeChannel,
  setBotPermissions,
} from "./guild.ts";
import type { PrivilegedIntents } from "./intents.ts";
import type { User } from "./model.ts";
import type { Permission } from "./permissions.ts";
import { createPlace } from "./place.ts";
import { archive, createThread } from "./threads.ts";
import { createWebhook, deleteWebhook, webhookById } from "./webhooks.ts";
import type { World } from "./world.ts";

/** What the people who run a guild do in it. An unknown id throws. */
export interface DiscordAdministration {
  addUser(username: string, options?: NewUser): Person;
  /** Returns its id. */
  addChannel(name: string, options?: NewChannel): string;
  /** Deletes a channel with its threads, messages and webhooks. */
  removeChannel(channel: string): void;
  /** A thread on a message; it has the message's id. */
  addThread(channel: string, message: string, options: { readonly name: string; readonly by: Person }): string;
  /** Closes a thread: writing into it opens it again, editing in it fails. */
  archiveThread(thread: string): void;
  /**
   * Gives the bot exactly these permissions: in one channel by an overwrite of its own, else through its role.
   * Sight comes from @everyone, so `ViewChannel` can be taken away in a channel only.
   */
  setPermissions(permissions: readonly Permission[], channel?: string): void;
  /** Switches privileged intents as on the application's page; connected sessions keep theirs. */
  setIntents(intents: Partial<PrivilegedIntents>): void;
  kickBot(): void;
  inviteBot(): void;
  /** A webhook that a person, or another bot, made. */
  addWebhook(
    channel: string,
    options: { readonly name: string; readonly by: Person },
  ): { readonly id: string; readonly token: string };
  deleteWebhook(webhook: string): void;
  /** A channel with its threads, or a thread alone, as people see it. A thread's messages answer the one it hangs on. */
  place(channel: string, people: readonly Person[]): Place;
}

export function createAdministration(world: World, cdnUrl: string): DiscordAdministration {
  const userOf = ({ id }: Person): User => {
    const user = world.users.get(id);
    if (!user) throw new Error(`there is no Discord user ${id}`);
    return user;
  };
  return {
    addUser: (username, options = {}) => addPerson(world, username, options),
    addChannel: (name, options = {}) => addChannel(world, name, options).id,
    removeChannel: channel => removeChannel(world, world.channel(channel)),
    addThread(id, message, { name, by }) {
      const channel = world.channel(id);
      return createThread(world, channel, world.message(channel, message), { name, owner: userOf(by) }).id;
    },
    archiveThread: thread => archive(world, world.channel(thread)),
    setPermissions: (permissions, channel) =>
      setBotPermissions(world, permissions, channel === undefined ? undefined : world.channel(channel)),
    setIntents(intents) {
      world.privileged = { ...world.privileged, ...intents };
    },
    kickBot: () => kickBot(world),
    inviteBot: () => inviteBot(world),
    addWebhook: (channel, { name, by }) => createWebhook(world, world.channel(channel), { name, by: userOf(by) }),
    deleteWebhook: webhook => deleteWebhook(world, webhookById(world, webhook)),
    place: (channel, people) => createPlace(world, world.channel(channel), people, cdnUrl),
  };
}
