import { Channel, type SlackEvent } from "./channel.ts";
import type { BotProfile } from "./message.ts";
import type { NameOf } from "./shown-text.ts";

export interface User {
  readonly id: string;
  /** The account's name, unique in the workspace. */
  readonly name: string;
  readonly realName: string;
  /** Empty where the person never set one. */
  readonly displayName: string;
  readonly isBot: boolean;
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
}

/** All scopes that a bot which relays channels asks for. */
export const relayScopes: readonly string[] = [
  ...["channels:history", "channels:read", "channels:join", "groups:history", "groups:read"],
  ...["chat:write", "chat:write.customize", "users:read", "usergroups:read", "emoji:read", "team:read"],
];

/** Part of every workspace; the author of what nobody in particular did. */
export const slackbot: User = {
  id: "USLACKBOT",
  name: "slackbot",
  realName: "Slackbot",
  displayName: "Slackbot",
  isBot: false,
};

/** One Slack workspace with one app installed in it. */
export class Workspace {
  readonly teamId: string = newId("T");
  readonly appId: string = newId("A");
  readonly botId: string = newId("B");
  readonly botToken: string = `xoxb-${crypto.randomUUID()}`;
  readonly appToken: string = `xapp-${crypto.randomUUID()}`;
  readonly name = "fanin sandbox";
  readonly bot: User = { id: newId("U"), name: "relay", realName: "Relay", displayName: "", isBot: true };
  readonly users = new Map<string, User>([slackbot, this.bot].map(user => [user.id, user]));
  readonly channels = new Map<string, Channel>();
  readonly usergroups = new Map<string, Usergroup>();
  /** Emoji that the workspace added: name → picture. */
  readonly emoji = new Map<string, string>();
  readonly scopes = new Set<string>(relayScopes);
  /** Where the stand-in answers, without a slash at the end. */
  readonly url: string;
  readonly #deliver: (event: SlackEvent) => void;

  constructor(url: string, deliver: (event: SlackEvent) => void) {
    this.url = url;
    this.#deliver = deliver;
  }

  addUser(realName: string, displayName: string): User {
    const name = realName.toLowerCase().replaceAll(/\s+/g, ".");
    const user = { id: newId("U"), name, realName, displayName, isBot: false };
    this.users.set(user.id, user);
    return user;
  }

  addChannel(name: string, isPrivate: boolean): Channel {
    const channel: Channel = new Channel(newId("C"), name, isPrivate, event => this.#publish(channel, event));
    this.channels.set(channel.id, channel);
    return channel;
  }

  join(channel: Channel, user: string): void {
    if (channel.members.has(user)) return;
    channel.members.add(user);
    this.#announceMember(channel, "joined", user);
    channel.post({ subtype: `${channel.kind}_join`, user, text: `<@${user}> has joined the channel` });
  }

  /** The bot hears only `channel_left` of its own removal; Slack does not send it `member_left_channel`. */
  leave(channel: Channel, user: string, actor: string): void {
    if (!channel.members.delete(user)) return;
    if (user === this.bot.id) {
      const left = { type: `${channel.kind}_left`, channel: channel.id, actor_id: actor, event_ts: eventTs() };
      if (this.scopes.has(`${channel.kind}s:read`)) this.#deliver(left);
    }
    this.#announceMember(channel, "left", user);
    channel.post({ subtype: `${channel.kind}_leave`, user, text: `<@${user}> has left the channel` });
  }

  archive(channel: Channel, user: string): void {
    channel.post({ subtype: `${channel.kind}_archive`, user, text: `<@${user}> archived the channel` });
    channel.isArchived = true;
    channel.announce({ type: `${channel.kind}_archive`, user, is_moved: 0, event_ts: eventTs() });
  }

  unarchive(channel: Channel, user: string): void {
    channel.isArchived = false;
    channel.announce({ type: `${channel.kind}_unarchive`, user, event_ts: eventTs() });
    channel.post({ subtype: `${channel.kind}_unarchive`, user, text: `<@${user}> un-archived the channel` });
  }

  get botProfile(): BotProfile {
    const { botId: id, appId: app_id, teamId: team_id } = this;
    const icons = this.pictures(this.bot.id, [36, 48, 72]);
    return { id, app_id, user_id: this.bot.id, name: this.bot.realName, icons, deleted: false, updated: 0, team_id };
  }

  pictures(user: string, sizes: readonly number[]): Record<string, string> {
    return Object.fromEntries(sizes.map(size => [`image_${size}`, `${this.url}/avatars/${user}-${size}.svg`]));
  }

  /** How an id reads on the screen. */
  readonly nameOf: NameOf = id => {
    const user = this.users.get(id);
    if (user) return user.displayName || user.realName;
    return this.channels.get(id)?.name ?? this.usergroups.get(id)?.handle ?? id;
  };

  #announceMember(channel: Channel, verb: "joined" | "left", user: string): void {
    const about = { user, channel_type: channel.isPrivate ? "G" : "C", team: this.teamId, event_ts: eventTs() };
    channel.announce({ type: `member_${verb}_channel`, ...about });
  }

  /** An app hears of the channels its bot is in, as far as its scopes go. */
  #publish(channel: Channel, event: SlackEvent): void {
    const scope = `${channel.kind}s:${event.type === "message" ? "history" : "read"}`;
    if (channel.members.has(this.bot.id) && this.scopes.has(scope)) this.#deliver(event);
  }
}

/** A new id of Slack's form, such as `C0K3Z9TQ4LB`. */
export function newId(letter: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `${letter}0${Array.from(bytes, byte => (byte % 36).toString(36).toUpperCase()).join("")}`;
}

function eventTs(): string {
  return (Date.now() / 1000).toFixed(6);
}
