import { type ChannelRef, channelRef, type NetworkName, RelayError, type RelayEvent } from "@fanin/core";
import type { Account } from "./account.ts";
import { BoundedMap } from "./bounded-map.ts";
import { findEvent } from "./find-event.ts";
import type { HtmlParser } from "./parse.ts";
import { type MatrixEvent, MemberContent } from "./payload.ts";
import { roomPath } from "./room-path.ts";
import { editedBy, toEvent } from "./to-event.ts";

/**
 * Raw events → relay events, live and from history alike; finds out what an event does not say: the sender's name, and
 * whether who edits a message is who wrote it. Asks the homeserver only for people and messages it has not met lately.
 */
export class Reader {
  readonly #account: Account;
  readonly #network: NetworkName;
  readonly #channels = new Map<string, ChannelRef>();
  readonly #names = new BoundedMap<string, string>(10_000);
  readonly #senders = new BoundedMap<string, string>(2_000);
  #parseHtml: HtmlParser | undefined;

  constructor(account: Account, network: NetworkName) {
    this.#account = account;
    this.#network = network;
  }

  channel(room: string): ChannelRef {
    let channel = this.#channels.get(room);
    if (!channel) {
      channel = channelRef(this.#network, room);
      this.#channels.set(room, channel);
    }
    return channel;
  }

  /** Takes the name from a membership, where the event is one. History is older than what is known: it only adds. */
  learn(room: string, event: MatrixEvent, when: "now" | "then"): void {
    if (event.type !== "m.room.member" || event.state_key === undefined) return;
    const member = MemberContent.safeParse(event.content).data;
    const isKnown = this.#names.get(nameKey(room, event.state_key)) !== undefined;
    if (member?.membership !== "join" || (when === "then" && isKnown)) return;
    this.#keepName(room, event.state_key, member.displayname);
  }

  /** Undefined where the event is nothing to the relay. Rejects where the homeserver, asked, gave no answer. */
  async read(room: string, event: MatrixEvent): Promise<RelayEvent | undefined> {
    switch (event.type) {
      case "m.room.message":
      case "m.sticker":
        return this.#readMessage(room, event);
      case "m.room.redaction":
        return toEvent(event, { channel: this.channel(room), name: "" });
      default:
        return undefined;
    }
  }

  async #readMessage(room: string, event: MatrixEvent): Promise<RelayEvent | undefined> {
    const original = editedBy(event);
    if (original === undefined) this.#senders.set(event.event_id, event.sender);
    else if ((await this.#senderOf(room, original)) !== event.sender) return undefined;
    const name = this.#names.get(nameKey(room, event.sender)) ?? (await this.#askName(room, event.sender));
    const parseHtml = mayHaveHtml(event) ? await this.#loadParser() : undefined;
    return toEvent(event, { channel: this.channel(room), name, ...(parseHtml ? { parseHtml } : {}) });
  }

  /** It costs memory and a tenth of a second, and some rooms never need it. */
  async #loadParser(): Promise<HtmlParser> {
    this.#parseHtml ??= (await import("./parse-html.ts")).createHtmlParser(this.#network);
    return this.#parseHtml;
  }

  /** People who left, or whom the homeserver does not show, go by their id. */
  async #askName(room: string, user: string): Promise<string> {
    const path = roomPath(room, `state/m.room.member/${encodeURIComponent(user)}`);
    try {
      const member = MemberContent.safeParse(await this.#account.call("GET", path)).data;
      return this.#keepName(room, user, member?.displayname);
    } catch (error) {
      // Nothing is held up for want of a name; one that may yet be had is asked for again.
      const mayCome = error instanceof RelayError && error.retry === "later";
      return mayCome ? localpart(user) : this.#keepName(room, user, undefined);
    }
  }

  #keepName(room: string, user: string, displayname: string | undefined): string {
    const name = displayname || localpart(user);
    this.#names.set(nameKey(room, user), name);
    return name;
  }

  async #senderOf(room: string, id: string): Promise<string | undefined> {
    const known = this.#senders.get(id);
    if (known !== undefined) return known;
    const event = await findEvent(this.#account.call, room, id);
    if (event) this.#senders.set(id, event.sender);
    return event?.sender;
  }
}

function nameKey(room: string, user: string): string {
  return `${room} ${user}`;
}

function localpart(user: string): string {
  return user.slice(1).split(":")[0] || user;
}

function mayHaveHtml({ content }: MatrixEvent): boolean {
  return "formatted_body" in content || "m.new_content" in content;
}
