import type { Content } from "./event.ts";
import type { Homeserver } from "./homeserver.ts";
import { forbidden, notFound } from "./matrix-error.ts";
import { requireJoined, requirePowerTo } from "./power.ts";
import type { Room } from "./room.ts";

/** Joins, or changes the own member event of somebody who is in already; `extra` keys stand in it until the next change. */
export function join(homeserver: Homeserver, user: string, room: Room, extra: Content = {}): void {
  const membership = room.membership(user);
  if (membership === "ban") throw forbidden(`${user} is banned from the room`);
  if (membership === "join" && Object.keys(extra).length === 0) return;
  const rule = room.state("m.room.join_rules")?.["join_rule"];
  if (rule !== "public" && membership !== "invite" && membership !== "join" && !room.isCreator(user)) {
    throw forbidden("You are not invited to this room.");
  }
  homeserver.appendMember(room, user, user, "join", extra);
}

export function invite(homeserver: Homeserver, by: string, room: Room, user: string): void {
  requireJoined(room, by);
  requirePowerTo(room, by, "invite");
  const membership = room.membership(user);
  if (membership === "join") throw forbidden(`${user} is already in the room.`);
  if (membership === "ban") throw forbidden(`${user} is banned from the room`);
  homeserver.appendMember(room, by, user, "invite");
}

export function leave(homeserver: Homeserver, user: string, room: Room, reason?: string): void {
  if (!["join", "invite"].includes(room.membership(user))) throw notFound("Not a known room");
  homeserver.appendMember(room, user, user, "leave", because(reason));
}

/** Kicks, bans, or lifts a ban. */
export function expel(
  homeserver: Homeserver,
  by: string,
  room: Room,
  user: string,
  how: "kick" | "ban" | "unban",
  reason?: string,
): void {
  requireJoined(room, by);
  requirePowerTo(room, by, how === "kick" ? "kick" : "ban", user);
  const membership = room.membership(user);
  if (how === "kick" && membership !== "join" && membership !== "invite") {
    throw forbidden("The target user is not in the room");
  }
  if (how === "unban" && membership !== "ban") throw forbidden("Cannot unban user who was not banned");
  homeserver.appendMember(room, by, user, how === "ban" ? "ban" : "leave", because(reason));
}

/** What `PUT …/state/m.room.member/{user}` comes down to. */
export function changeMembership(homeserver: Homeserver, by: string, room: Room, user: string, content: Content): void {
  const { membership, displayname: _, avatar_url: __, ...extra } = content;
  const reason = typeof extra["reason"] === "string" ? extra["reason"] : undefined;
  if (user === by && membership === "join") join(homeserver, user, room, extra);
  else if (user === by && membership === "leave") leave(homeserver, user, room, reason);
  else if (membership === "invite") invite(homeserver, by, room, user);
  else if (membership === "ban") expel(homeserver, by, room, user, "ban", reason);
  else if (membership === "leave") {
    expel(homeserver, by, room, user, room.membership(user) === "ban" ? "unban" : "kick", reason);
  } else throw forbidden("You are not allowed to set others state");
}

function because(reason: string | undefined): Content {
  return reason === undefined ? {} : { reason };
}
