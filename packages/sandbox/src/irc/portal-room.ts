import { createRoom } from "../matrix/create-room.ts";
import { type Content, recordAt } from "../matrix/event.ts";
import type { Homeserver } from "../matrix/homeserver.ts";
import { join } from "../matrix/membership.ts";
import { powerOf } from "../matrix/power.ts";
import type { Room } from "../matrix/room.ts";
import type { ChannelMode, Rank } from "./channel.ts";

const powerOfRank: Readonly<Record<Rank, number>> = { "@": 50, "+": 1, "": 0 };

/** The room that a bridge makes for a channel when somebody asks for its alias. */
export function createPortalRoom(homeserver: Homeserver, bot: string, channel: string): Room {
  return createRoom(homeserver, bot, {
    name: channel,
    aliasLocalpart: `irc_${channel}`,
    preset: "public_chat",
    powerLevels: { invite: 50, events: {} },
    initialState: [{ type: "m.room.history_visibility", stateKey: "", content: { history_visibility: "joined" } }],
  });
}

/** The room that the channel's owners have a bridge join; a private one must have invited the bot. */
export function plumbRoom(homeserver: Homeserver, bot: string, roomId: string): Room {
  const room = homeserver.room(roomId);
  join(homeserver, bot, room);
  return room;
}

/** Mirrors a rank on IRC as a power level, where the bot has the power. */
export function mirrorRank(homeserver: Homeserver, bot: string, room: Room, user: string, rank: Rank): void {
  changePower(homeserver, bot, room, levels => ({
    ...levels,
    users: { ...recordAt(levels, "users"), [user]: powerOfRank[rank] },
  }));
}

/** Moderated: only the voiced may send. Invite only: the join rule. Secret shows nowhere in the room. */
export function mirrorMode(homeserver: Homeserver, bot: string, room: Room, mode: ChannelMode, on: boolean): void {
  if (mode === "m") changePower(homeserver, bot, room, levels => ({ ...levels, events_default: on ? 1 : 0 }));
  if (mode === "i" && powerOf(room, bot) >= 50) {
    homeserver.send(bot, room, "m.room.join_rules", { join_rule: on ? "invite" : "public" }, { stateKey: "" });
  }
}

function changePower(homeserver: Homeserver, bot: string, room: Room, change: (levels: Content) => Content): void {
  if (powerOf(room, bot) < 100) return;
  const levels = change(room.state("m.room.power_levels") ?? {});
  homeserver.send(bot, room, "m.room.power_levels", levels, { stateKey: "" });
}
