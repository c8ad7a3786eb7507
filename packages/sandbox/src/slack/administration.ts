import type { Person, Place } from "../place.ts";
import type { Channel } from "./channel.ts";
import { createPlace } from "./place.ts";
import { newId, slackbot, type Workspace } from "./workspace.ts";

/** What the people who run a workspace do in it. An unknown channel throws. */
export interface SlackAdministration {
  /** `displayName` is empty for those who never set one; the name unless given. */
  addUser(name: string, options?: { readonly displayName?: string }): Person;
  /** Returns its id. `members` and, unless `bot` is false, the bot are in it from the start, unannounced. */
  addChannel(
    name: string,
    options?: { readonly isPrivate?: boolean; readonly members?: readonly Person[]; readonly bot?: boolean },
  ): string;
  /** `user` is a person's id or the bot's user id. */
  addToChannel(channel: string, user: string): void;
  /** With the bot's user id: the kick. */
  removeFromChannel(channel: string, user: string): void;
  archive(channel: string): void;
  unarchive(channel: string): void;
  /** Returns its id. */
  addUsergroup(handle: string, users: readonly string[]): string;
  addEmoji(name: string, url: string): void;
  /** Replaces the bot token's scopes; holds from the next call and event on. */
  setScopes(scopes: readonly string[]): void;
  /** A link's preview arrives: `message_changed` without `edited`. */
  unfurl(channel: string, ts: string): void;
  /** The channel as `people` have it; they are in it from now on, unannounced. */
  place(channel: string, people: readonly Person[]): Place;
}

export function createAdministration(workspace: Workspace): SlackAdministration {
  const channelOf = (id: string): Channel => {
    const channel = workspace.channels.get(id);
    if (!channel) throw new Error(`there is no Slack channel ${id}`);
    return channel;
  };
  return {
    addUser(name, { displayName = name } = {}) {
      const { id } = workspace.addUser(name, displayName);
      return { id, name: displayName || name };
    },
    addChannel(name, { isPrivate = false, members = [], bot = true } = {}) {
      const channel = workspace.addChannel(name, isPrivate);
      for (const { id } of members) channel.members.add(id);
      if (bot) channel.members.add(workspace.bot.id);
      return channel.id;
    },
    addToChannel: (channel, user) => workspace.join(channelOf(channel), user),
    removeFromChannel: (channel, user) => workspace.leave(channelOf(channel), user, slackbot.id),
    archive: channel => workspace.archive(channelOf(channel), slackbot.id),
    unarchive: channel => workspace.unarchive(channelOf(channel), slackbot.id),
    addUsergroup(handle, users) {
      const id = newId("S");
      workspace.usergroups.set(id, { id, handle, users });
      return id;
    },
    addEmoji: (name, url) => void workspace.emoji.set(name, url),
    setScopes(scopes) {
      workspace.scopes.clear();
      for (const scope of scopes) workspace.scopes.add(scope);
    },
    unfurl(id, ts) {
      const channel = channelOf(id);
      const kept = channel.find(ts);
      if (!kept) throw new Error(`there is no message ${ts} in ${id}`);
      const attachments = [{ id: 1, title: "A page", fallback: "A page", from_url: `${workspace.url}/page` }];
      channel.change({ ...kept.shown, attachments }, kept);
    },
    place(id, people) {
      const channel = channelOf(id);
      for (const person of people) channel.members.add(person.id);
      return createPlace(workspace, channel, people);
    },
  };
}
