import { numberAt, recordAt } from "./event.ts";
import { forbidden } from "./matrix-error.ts";
import type { Room } from "./room.ts";

const defaults = { kick: 50, ban: 50, redact: 50, invite: 0 } as const;
export type GuardedAction = keyof typeof defaults;

export function powerOf(room: Room, user: string): number {
  if (room.isCreator(user)) return Number.POSITIVE_INFINITY;
  const levels = room.state("m.room.power_levels");
  return numberAt(recordAt(levels, "users"), user) ?? numberAt(levels, "users_default") ?? 0;
}

/** Throws M_FORBIDDEN unless `user` is in the room. */
export function requireJoined(room: Room, user: string): void {
  if (!room.joined.has(user)) throw forbidden(`User ${user} not in room ${room.id} (${room.membership(user)})`);
}

/** Throws M_FORBIDDEN unless `user` has the power to send events of this type. */
export function requirePowerToSend(room: Room, user: string, type: string, isState: boolean): void {
  const levels = room.state("m.room.power_levels");
  const fallback = isState ? (numberAt(levels, "state_default") ?? 50) : (numberAt(levels, "events_default") ?? 0);
  const needed = numberAt(recordAt(levels, "events"), type) ?? fallback;
  const has = powerOf(room, user);
  if (has < needed) {
    const detail = `user_level (${has}) < send_level (${needed})`;
    throw forbidden(`You don't have permission to post that to the room. ${detail}`);
  }
}

/** Throws M_FORBIDDEN unless `user` may do this; to somebody, only from above. */
export function requirePowerTo(room: Room, user: string, action: GuardedAction, target?: string): void {
  const needed = numberAt(room.state("m.room.power_levels"), action) ?? defaults[action];
  const has = powerOf(room, user);
  const above = target === undefined || has > powerOf(room, target);
  if (has < needed || !above) throw forbidden(`You don't have permission to ${action}${target ? ` ${target}` : ""}.`);
}
