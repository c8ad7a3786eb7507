import { type Account, createAccount } from "./account.ts";
import { type Content, type MatrixEvent, recordAt, type Stored, stringAt } from "./event.ts";
import { newHash } from "./ids.ts";
import { forbidden, invalid, notFound } from "./matrix-error.ts";
import { powerOf, requireJoined, requirePowerTo, requirePowerToSend } from "./power.ts";
import { Room } from "./room.ts";

export interface SendOptions {
  readonly stateKey?: string;
  /** `origin_server_ts`; now unless given. */
  readonly at?: number;
  readonly sent?: { readonly session: string; readonly transactionId: string };
}

export type Heard = (stored: Stored, room: Room) => void;

/**
 * The homeserver's accounts, rooms and events, with the permissions of room version 12 and no HTTP. Everything takes
 * effect before the call returns; what may not be is thrown as `MatrixError`. Bridges and people that the sandbox
 * plays itself act through it directly.
 */
export class Homeserver {
  readonly serverName: string;
  readonly rooms = new Map<string, Room>();
  readonly aliases = new Map<string, string>();
  readonly accounts = new Map<string, Account>();
  readonly #listeners = new Set<Heard>();
  #position = 0;

  constructor(serverName: string) {
    this.serverName = serverName;
  }

  get position(): number {
    return this.#position;
  }

  /** Takes the next place in the stream, for what syncs but is no event. */
  advance(): number {
    this.#position += 1;
    return this.#position;
  }

  userId(localpart: string): string {
    return localpart.startsWith("@") ? localpart : `@${localpart}:${this.serverName}`;
  }

  /** The account, made if there is none. */
  register(user: string, options: { readonly automated?: boolean; readonly displayname?: string } = {}): Account {
    const known = this.accounts.get(user);
    if (known) return known;
    const account = createAccount(user, options.automated ?? false, options.displayname);
    this.accounts.set(user, account);
    return account;
  }

  /** By id or alias. */
  room(idOrAlias: string): Room {
    const id = idOrAlias.startsWith("#") ? this.aliases.get(idOrAlias) : idOrAlias;
    const room = id === undefined ? undefined : this.rooms.get(id);
    if (!room) throw notFound(idOrAlias.startsWith("#") ? `Room alias ${idOrAlias} not found` : "Unknown room");
    return room;
  }

  /** An empty room; its first event must be `m.room.create`. */
  addRoom(): Room {
    const room = new Room(`!${newHash()}`);
    this.rooms.set(room.id, room);
    return room;
  }

  /** Sends or sets state; memberships change through `changeMembership`. */
  send(user: string, room: Room, type: string, content: Content, options: SendOptions = {}): Stored {
    requireJoined(room, user);
    requirePowerToSend(room, user, type, options.stateKey !== undefined);
    if (options.stateKey?.startsWith("@") && options.stateKey !== user) {
      throw forbidden("You are not allowed to set others state");
    }
    if (type === "m.room.power_levels") this.#checkPowerLevels(room, user, content);
    return this.append(room, user, type, content, options);
  }

  #checkPowerLevels(room: Room, user: string, content: Content): void {
    const users = recordAt(content, "users");
    for (const [id, level] of Object.entries(users)) {
      if (room.isCreator(id)) throw invalid(`Creator user ${id} must not appear in content.users`);
      if (typeof level === "number" && level > powerOf(room, user)) {
        throw forbidden("You don't have permission to add ops level greater than your own");
      }
    }
  }

  redact(user: string, room: Room, eventId: string, reason: string | undefined, options: SendOptions = {}): Stored {
    requireJoined(room, user);
    const target = room.find(eventId);
    if (!target) throw notFound("Event not found.");
    requirePowerToSend(room, user, "m.room.redaction", false);
    if (target.event.sender !== user) requirePowerTo(room, user, "redact");
    const content = { redacts: eventId, ...(reason === undefined ? {} : { reason }) };
    const redaction = this.append(room, user, "m.room.redaction", content, options);
    room.redact(target, redaction.event);
    this.#tell(redaction, room);
    return redaction;
  }

  setProfile(account: Account, change: { readonly displayname?: string; readonly avatarUrl?: string }): void {
    if (change.displayname !== undefined) account.displayname = change.displayname;
    if (change.avatarUrl !== undefined) account.avatarUrl = change.avatarUrl;
    for (const { room, membership } of account.rooms.values()) {
      if (membership === "join") this.appendMember(room, account.id, account.id, "join");
    }
  }

  /** Calls back for every event, in order, before the call that made it returns. */
  listen(heard: Heard): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  appendMember(room: Room, sender: string, user: string, membership: string, extra: Content = {}): Stored {
    const account = this.accounts.get(user);
    const profile =
      membership === "join" || membership === "invite"
        ? { displayname: account?.displayname ?? user.slice(1).split(":")[0], avatar_url: account?.avatarUrl }
        : {};
    return this.append(room, sender, "m.room.member", { ...extra, ...profile, membership }, { stateKey: user });
  }

  /** Adds an event without asking whether it is allowed. */
  append(room: Room, sender: string, type: string, content: Content, options: SendOptions = {}): Stored {
    const { stateKey, at, sent } = options;
    const before = stateKey === undefined ? undefined : room.stateEvent(type, stateKey)?.event;
    const redacts = type === "m.room.redaction" ? stringAt(content, "redacts") : undefined;
    const event: MatrixEvent = {
      type,
      event_id: `$${newHash()}`,
      room_id: room.id,
      sender,
      origin_server_ts: at ?? Date.now(),
      content,
      ...(stateKey === undefined ? {} : { state_key: stateKey }),
      ...(redacts === undefined ? {} : { redacts }),
      ...(before ? { unsigned: { prev_content: before.content, replaces_state: before.event_id } } : {}),
    };
    const stored: Stored = { position: this.advance(), event, redacted: false, ...(sent ? { sent } : {}) };
    room.append(stored);
    if (type === "m.room.member" && stateKey !== undefined) this.#remember(room, stateKey, stored);
    // A redaction is told of once its target is gone.
    if (type !== "m.room.redaction") this.#tell(stored, room);
    return stored;
  }

  #remember(room: Room, user: string, { event, position }: Stored): void {
    const account = this.accounts.get(user);
    const membership = stringAt(event.content, "membership") ?? "leave";
    const before = account?.rooms.get(room.id);
    const since = before?.membership === membership ? before.since : position;
    account?.rooms.set(room.id, { room, membership, since });
  }

  #tell(stored: Stored, room: Room): void {
    for (const heard of this.#listeners) heard(stored, room);
  }
}
