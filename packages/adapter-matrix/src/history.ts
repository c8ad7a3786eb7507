import {
  type ChannelRef,
  type Copy,
  Cursor,
  type Key,
  type Lost,
  type MessageRef,
  messageRef,
  RelayError,
  type RelayEvent,
} from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { understood } from "./errors.ts";
import { MatrixEvent, MessageContent, Page } from "./payload.ts";
import type { Reader } from "./reader.ts";
import { roomPath } from "./room-path.ts";

const pageSize = 100;

/** Reads a room's timeline as the homeserver keeps it; a cursor is the id of an event. */
export class History {
  readonly #account: Account;
  readonly #reader: Reader;

  constructor(account: Account, reader: Reader) {
    this.#account = account;
    this.#reader = reader;
  }

  /** The newest event. */
  async head(channel: ChannelRef): Promise<Cursor> {
    const page = await this.#page(channel, { dir: "b", limit: 1 });
    const newest = MatrixEvent.safeParse(page.chunk[0]).data;
    if (newest) return Cursor.parse(newest.event_id);
    throw new RelayError("forbidden", `The homeserver shows no history of room ${channel.channel}`, { retry: "never" });
  }

  /**
   * What happened after the cursor, oldest first, edits and deletes in their place, to the present. Where the homeserver
   * no longer has the cursor's event (purged): that something is lost, then the newest 100 events.
   */
  async *after(channel: ChannelRef, cursor: Cursor): AsyncGenerator<RelayEvent | Lost> {
    const from = await this.#tokenBehind(channel, cursor);
    if (from === undefined) yield* this.#newest(channel);
    else for await (const events of this.#pagesFrom(channel, from)) yield* this.#relayEvents(channel, events);
  }

  /** A copy of ours that carries `key`, sent after message `after`. */
  async find(channel: ChannelRef, key: Key, after: MessageRef | undefined): Promise<Copy | "absent" | "unknown"> {
    const from = after && (await this.#tokenBehind(channel, Cursor.parse(after.message)));
    const self = await this.#account.self();
    const search = (events: readonly MatrixEvent[]): Copy | undefined => {
      const own = events.filter(({ sender }) => sender === self);
      const found = own.find(({ content }) => MessageContent.safeParse(content).data?.["im.fanin.key"] === key);
      return found && { ref: messageRef(channel, found.event_id), handle: self };
    };
    if (from === undefined) return search(await this.#newestEvents(channel)) ?? "unknown";
    for await (const events of this.#pagesFrom(channel, from)) {
      const copy = search(events);
      if (copy) return copy;
    }
    return "absent";
  }

  async *#newest(channel: ChannelRef): AsyncGenerator<RelayEvent | Lost> {
    const events = await this.#newestEvents(channel);
    const toMs = events[0]?.origin_server_ts;
    const why = "the homeserver no longer has the event up to which the room was read";
    yield { type: "lost", ...(toMs === undefined ? {} : { toMs }), why };
    yield* this.#relayEvents(channel, events);
  }

  async *#relayEvents(channel: ChannelRef, events: readonly MatrixEvent[]): AsyncGenerator<RelayEvent> {
    for (const event of events) {
      const relayEvent = await this.#reader.read(channel.channel, event);
      if (relayEvent) yield relayEvent;
    }
  }

  async #newestEvents(channel: ChannelRef): Promise<MatrixEvent[]> {
    const page = await this.#page(channel, { dir: "b", limit: pageSize, filter: relevant });
    return this.#events(channel, page).reverse();
  }

  async *#pagesFrom(channel: ChannelRef, from: string): AsyncGenerator<MatrixEvent[]> {
    for (let token: string | undefined = from; token !== undefined; ) {
      const page: Page = await this.#page(channel, { dir: "f", from: token, limit: pageSize, filter: relevant });
      yield this.#events(channel, page);
      token = page.end === token ? undefined : page.end;
    }
  }

  #events(channel: ChannelRef, page: Page): MatrixEvent[] {
    for (const event of parsed(page.state)) this.#reader.learn(channel.channel, event, "then");
    return parsed(page.chunk);
  }

  async #page(channel: ChannelRef, query: Readonly<Record<string, string | number>>): Promise<Page> {
    return understood(Page, await this.#account.call("GET", roomPath(channel.channel, "messages"), { query }));
  }

  /** Undefined where the homeserver does not have the event, or does not show it to us. */
  async #tokenBehind(channel: ChannelRef, cursor: Cursor): Promise<string | undefined> {
    const path = roomPath(channel.channel, `context/${encodeURIComponent(cursor)}`);
    try {
      const filter = JSON.stringify({ lazy_load_members: true });
      return understood(Context, await this.#account.call("GET", path, { query: { limit: 0, filter } })).end;
    } catch (error) {
      if (error instanceof RelayError && error.code === "not-found") return undefined;
      throw error;
    }
  }
}

const Context = z.object({ end: z.string() });

const relevant = JSON.stringify({
  types: ["m.room.message", "m.sticker", "m.room.redaction"],
  lazy_load_members: true,
});

function parsed(events: readonly unknown[]): MatrixEvent[] {
  return events.map(event => MatrixEvent.safeParse(event).data).filter(event => event !== undefined);
}
