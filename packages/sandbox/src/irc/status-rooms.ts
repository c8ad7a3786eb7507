import { createRoom } from "../matrix/create-room.ts";
import type { Homeserver } from "../matrix/homeserver.ts";
import type { Room } from "../matrix/room.ts";

/** The direct room in which a bridge tells one person from Matrix how their IRC connection fares. */
export class StatusRooms {
  readonly #homeserver: Homeserver;
  readonly #bot: string;
  readonly #name: string;
  readonly #rooms = new Map<string, Room>();

  constructor(homeserver: Homeserver, bot: string, network: string) {
    this.#homeserver = homeserver;
    this.#bot = bot;
    this.#name = `${network} IRC Bridge status`;
  }

  notify(user: string, text: string): void {
    const room =
      this.#rooms.get(user) ??
      createRoom(this.#homeserver, this.#bot, { name: this.#name, preset: "trusted_private_chat", invite: [user] });
    this.#rooms.set(user, room);
    this.#homeserver.send(this.#bot, room, "m.room.message", { msgtype: "m.notice", body: text });
  }
}
