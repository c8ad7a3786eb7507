import type { Content } from "./event.ts";
import type { Homeserver } from "./homeserver.ts";
import { MatrixError } from "./matrix-error.ts";
import { invite, join } from "./membership.ts";
import type { Room } from "./room.ts";

export interface RoomOptions {
  readonly name?: string;
  readonly topic?: string;
  /** The part of the alias before the server name. */
  readonly aliasLocalpart?: string;
  readonly preset?: "public_chat" | "private_chat" | "trusted_private_chat";
  readonly invite?: readonly string[];
  readonly initialState?: readonly { readonly type: string; readonly stateKey: string; readonly content: Content }[];
  readonly powerLevels?: Content;
  readonly creationContent?: Content;
}

const usualPower: Content = {
  users: {},
  users_default: 0,
  events: {
    "m.room.name": 50,
    "m.room.avatar": 50,
    "m.room.canonical_alias": 50,
    "m.room.power_levels": 100,
    "m.room.history_visibility": 100,
    "m.room.server_acl": 100,
    "m.room.encryption": 100,
    "m.room.tombstone": 150,
  },
  events_default: 0,
  state_default: 50,
  ban: 50,
  kick: 50,
  redact: 50,
  invite: 0,
};

/** Makes a room of version 12, its events in the order the specification gives. */
export function createRoom(homeserver: Homeserver, creator: string, options: RoomOptions = {}): Room {
  const alias = options.aliasLocalpart && `#${options.aliasLocalpart}:${homeserver.serverName}`;
  if (alias && homeserver.aliases.has(alias)) throw new MatrixError(400, "M_ROOM_IN_USE", "Room alias already taken");
  const room = homeserver.addRoom();
  const set = (type: string, content: Content, stateKey = "") =>
    homeserver.append(room, creator, type, content, { stateKey });

  set("m.room.create", { ...options.creationContent, room_version: "12" });
  join(homeserver, creator, room);
  set("m.room.power_levels", { ...usualPower, ...options.powerLevels });
  if (alias) {
    homeserver.aliases.set(alias, room.id);
    set("m.room.canonical_alias", { alias });
  }
  const isPublic = options.preset === "public_chat";
  set("m.room.join_rules", { join_rule: isPublic ? "public" : "invite" });
  set("m.room.history_visibility", { history_visibility: "shared" });
  set("m.room.guest_access", { guest_access: isPublic ? "forbidden" : "can_join" });
  for (const { type, stateKey, content } of options.initialState ?? []) set(type, content, stateKey);
  if (options.name !== undefined) set("m.room.name", { name: options.name });
  if (options.topic !== undefined) set("m.room.topic", { topic: options.topic });
  for (const user of options.invite ?? []) invite(homeserver, creator, room, user);
  return room;
}
