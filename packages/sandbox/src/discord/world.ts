import { createHash, randomBytes } from "node:crypto";
import { apiError } from "./api-error.ts";
import type { PrivilegedIntents } from "./intents.ts";
import type { Channel, GuildEvent, Member, Message, Role, User, Webhook } from "./model.ts";
import { allPermissions, bitsOf, type Permission, permissionBits, permissionsIn } from "./permissions.ts";
import { createSnowflakes } from "./snowflake.ts";

/** One guild with one bot in it: the state behind the REST API, the gateway and the places, and who hears of its changes. */
export class World {
  readonly newId: () => string = createSnowflakes();
  readonly guildId: string = this.newId();
  readonly token: string;
  readonly bot: User;
  readonly owner: User;
  readonly botRole: Role;
  readonly users = new Map<string, User>();
  readonly members = new Map<string, Member>();
  readonly roles = new Map<string, Role>();
  readonly channels = new Map<string, Channel>();
  readonly webhooks = new Map<string, Webhook>();
  /** Pictures by the hash under which the CDN serves them. */
  readonly pictures = new Map<string, string>();
  privileged: PrivilegedIntents = { guildMembers: true, messageContent: true };
  botPresent = true;
  readonly #listeners = new Set<(event: GuildEvent) => void>();

  constructor(botName: string) {
    this.bot = this.addUser(botName, { bot: true });
    this.owner = this.addUser("owner", {});
    this.token = `${Buffer.from(this.bot.id).toString("base64url")}.${randomBytes(4).toString("base64url")}.${randomBytes(20).toString("base64url")}`;
    // @everyone has the guild's own id. It grants sight only, so that every other right of the bot comes from its role.
    this.roles.set(this.guildId, { id: this.guildId, name: "@everyone", permissions: bitsOf(["ViewChannel"]) });
    this.botRole = { id: this.newId(), name: botName, permissions: allPermissions };
    this.roles.set(this.botRole.id, this.botRole);
    this.join(this.bot, null, [this.botRole.id]);
    this.join(this.owner, null, []);
  }

  addUser(username: string, { globalName = null, bot = false }: { globalName?: string | null; bot?: boolean }): User {
    const id = this.newId();
    const avatar = createHash("md5").update(id).digest("hex");
    const user = { id, username, globalName, avatar, bot };
    this.users.set(id, user);
    return user;
  }

  join(user: User, nick: string | null, roles: readonly string[]): Member {
    const member = { user, nick, roles, joinedAt: Date.now() };
    this.members.set(user.id, member);
    return member;
  }

  /** Tells everyone who watches, at once. */
  emit(event: GuildEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  watch(listener: (event: GuildEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Throws 10003 where there is no such channel. */
  channel(id: string): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw apiError("unknownChannel");
    return channel;
  }

  /** The channel, if the bot sees it and may do what is asked; else throws 10003, 50001 or 50013. */
  channelForBot(id: string, ...needed: Permission[]): Channel {
    const channel = this.channel(id);
    if (!this.botMay(channel, "ViewChannel")) throw apiError("missingAccess");
    if (!needed.every(permission => this.botMay(channel, permission))) throw apiError("missingPermissions");
    return channel;
  }

  botMay(channel: Channel, permission: Permission): boolean {
    if (!this.botPresent) return false;
    const { overwrites } = channel.thread ? this.channel(channel.thread.parent) : channel;
    const base = [...this.roles.values()].reduce((bits, role) => bits | role.permissions, 0n);
    const who = { everyone: this.guildId, roles: [this.botRole.id], member: this.bot.id };
    return (permissionsIn(base, overwrites, who) & permissionBits[permission]) !== 0n;
  }

  /** Throws 10008 where the channel holds no such message. */
  message(channel: Channel, id: string): Message {
    const message = channel.messages.get(id);
    if (!message) throw apiError("unknownMessage");
    return message;
  }

  threadsOf(channel: Channel): Channel[] {
    return [...this.channels.values()].filter(({ thread }) => thread?.parent === channel.id);
  }

  /** A picture's hash, under which the CDN serves it from then on. */
  picture(url: string): string {
    const hash = createHash("md5").update(url).digest("hex");
    this.pictures.set(hash, url);
    return hash;
  }
}
