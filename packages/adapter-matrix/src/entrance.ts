import { type ChannelRef, channelRef, type Finding, RelayError } from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { errcodeOf, understood } from "./errors.ts";
import { notInvited, unknownRoom } from "./findings.ts";
import { checkRoom, membershipOf } from "./room-check.ts";

const Directory = z.object({ room_id: z.string().min(1), servers: z.array(z.string()).catch([]) });
const Versions = z.object({ versions: z.array(z.string()) });

/** How the account gets to its homeserver and into rooms. */
export class Entrance {
  readonly #account: Account;
  readonly #network: string;
  /** By room: servers that know it, from its alias. */
  readonly #servers = new Map<string, readonly string[]>();

  constructor(account: Account, network: string) {
    this.#account = account;
    this.#network = network;
  }

  /** Whether this is a homeserver, and it knows us. */
  async check(): Promise<Finding[]> {
    try {
      const answer = await this.#account.versions();
      if (!Versions.safeParse(answer).success) return [notAHomeserver];
      await this.#account.self();
      return [];
    } catch (error) {
      if (!(error instanceof RelayError) || error.retry === "later") throw error;
      return [error.finding ?? notAHomeserver];
    }
  }

  /** `#alias:server` or `!id`. */
  async resolve(name: string): Promise<ChannelRef> {
    if (name.startsWith("!")) return channelRef(this.#network, name);
    if (!/^#[^:]*:./.test(name)) throw refusal("bad-config", unknownRoom(name, notAName));
    try {
      const answer = await this.#account.call("GET", `/_matrix/client/v3/directory/room/${encodeURIComponent(name)}`);
      const { room_id: room, servers } = understood(Directory, answer);
      this.#servers.set(room, servers);
      return channelRef(this.#network, room);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      if (error.code !== "not-found" && error.code !== "rejected") throw error;
      throw refusal("bad-config", unknownRoom(name, "The homeserver knows no room by this alias."), error);
    }
  }

  /** Joins where the account is not in the room yet; never again where somebody has put it out. */
  async enter(channel: ChannelRef): Promise<void> {
    const room = String(channel.channel);
    if ((await membershipOf(this.#account, room))?.membership === "join") return;
    const barred = (await checkRoom(this.#account, channel)).find(({ id }) => id === "kicked" || id === "banned");
    if (barred) throw refusal("forbidden", barred);
    const servers = this.#servers.get(room) ?? serverOf(room);
    try {
      // `server_name` is how homeservers before Matrix 1.12 call `via`.
      const query = { via: servers, server_name: servers };
      await this.#account.call("POST", `/_matrix/client/v3/join/${encodeURIComponent(room)}`, { query, body: {} });
    } catch (error) {
      if (!(error instanceof RelayError) || error.retry === "later" || error.code === "unauthorized") throw error;
      throw errcodeOf(error) === "M_FORBIDDEN"
        ? refusal("forbidden", notInvited(channel), error)
        : refusal("bad-config", unknownRoom(room, "The homeserver finds no way into it."), error);
    }
  }
}

/** Room ids had a server in them before room version 12. */
function serverOf(room: string): string[] {
  const colon = room.indexOf(":");
  return colon < 0 ? [] : [room.slice(colon + 1)];
}

const notAName = "That is neither an alias (#name:server) nor a room id (!…).";

const notAHomeserver: Finding = {
  id: "not-a-homeserver",
  severity: "refuse",
  says: "What answers at `homeserver` does not speak the Matrix client-server API.",
  cure: "Set `homeserver` to the base URL of the homeserver's client API, as its /.well-known/matrix/client gives it.",
};

function refusal(code: "forbidden" | "bad-config", finding: Finding, cause?: unknown): RelayError {
  return new RelayError(code, finding.says, { retry: "never", finding, cause });
}
