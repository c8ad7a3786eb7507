import type { Copy, Target } from "./adapter.ts";
import type { Content } from "./model/content.ts";
import type { RelayEvent } from "./model/event.ts";
import type { Finding } from "./model/finding.ts";
import type { ChannelKey, ChannelRef, Cursor, Key, MessageRef, NetworkName, RoomId } from "./model/ids.ts";
import type { Author, FileNote } from "./model/message.ts";

/** What is said: the half of a delivery that a later edit replaces while it waits. */
export interface Saying {
  readonly content: Content;
  readonly files: readonly FileNote[];
}

/** One relay event that one channel must receive, as planned. */
export interface Planned {
  readonly lane: ChannelKey;
  readonly kind: RelayEvent["type"] | "notice";
  /** The message it is about: edits and deletes fold into a waiting creation of the same source. */
  readonly source: MessageRef;
  /** With created, edited and notice. */
  readonly saying?: Saying;
  /** With created and edited. */
  readonly author?: Author;
  readonly replyTo?: MessageRef;
  readonly thread?: MessageRef;
}

/** A planned delivery in its lane. */
export interface Delivery extends Planned {
  /** 24 hex digits, from the event's id and the lane: the same event accepted twice has the same id. */
  readonly id: string;
  readonly acceptedAt: number;
  /** Parts already committed. */
  readonly part: number;
  /** Sends tried and failed since the last part. */
  readonly attempts: number;
  /** Its wait for another lane is over: deliver without the reference. */
  readonly parkedOut: boolean;
}

/** What a lane has for whoever drains it. */
export type Next =
  | {
      readonly delivery: Delivery;
      /** False: a send of it may have left (its sender is gone, or deferred it as begun); recall it first. */
      readonly fresh: boolean;
      readonly begunAt: number;
    }
  | { readonly dueAt: number };

/** An event on its way in: one write makes all of it durable. */
export interface Acceptance {
  readonly room: RoomId;
  readonly channel: ChannelKey;
  readonly eventId: string;
  /** At most one a lane. */
  readonly deliveries: readonly Planned[];
  /** Moves the channel's cursor in the same write. Only contiguous history gives one. */
  readonly cursor?: Cursor;
  /** What the map keeps of the message: who wrote it, and the keyed hash that a later re-read compares with. */
  readonly message?: {
    readonly ref: MessageRef;
    readonly authorId: string;
    readonly author: string;
    readonly hash: string;
  };
}

export interface Accepted {
  /** False: the event was known already; nothing but the cursor changed. */
  readonly fresh: boolean;
  /** Deliveries that met an idle lane: begun in the same write, the caller sends them now. */
  readonly begun: readonly Delivery[];
  /** Lanes that hold something of it; empty where the event was known already. */
  readonly lanes: readonly ChannelKey[];
  /** Deliveries that went into a waiting one instead of the lane. */
  readonly folded: number;
}

/** What one step of a delivery did to the map. */
export type Step =
  | { readonly type: "copy"; readonly part: number; readonly copy: Copy; readonly key: Key }
  | { readonly type: "gone"; readonly part: number }
  | { readonly type: "nothing" };

export interface CopyRecord extends Copy {
  readonly part: number;
  readonly key: Key;
}

export type LinkState = "active" | "paused" | "quarantined" | "refused";

export interface LinkRecord {
  readonly room: RoomId;
  /** As configured, which is how the link is known before its network can be asked. */
  readonly name: string;
  readonly channel: ChannelKey;
  readonly state: LinkState;
  readonly finding?: Finding;
  readonly since: number;
}

export interface DeadLetter {
  readonly delivery: Delivery;
  readonly reason: string;
  readonly at: number;
}

export interface LaneStats {
  readonly lane: ChannelKey;
  readonly waiting: number;
  readonly parked: number;
  readonly dead: number;
  readonly delivered: number;
  readonly healed: number;
  readonly oldestAt?: number;
}

/**
 * The port to durable state. A promise that resolves means on disk; one that rejects (`RelayError` `store-…`) means
 * nothing of it happened. Calls take effect in the order they are made. Every call about a channel names it by its key.
 */
export interface Store {
  /** Rejects with `store-in-use` (naming the pid), `store-newer`, `store-full` or `store-broken`. */
  open(): Promise<void>;
  /** 32 bytes as hex, made at first opening: seeds delivery ids and keyed hashes. */
  secret(): Promise<string>;

  /** Ids we write as, kept for good. */
  addOwn(network: NetworkName, ids: readonly string[]): Promise<void>;
  own(network: NetworkName): Promise<string[]>;

  links(): Promise<LinkRecord[]>;
  setLink(link: LinkRecord): Promise<void>;
  /** Forgets the link with its cursor, gap and held events: a link made anew starts at now. The lane stays. */
  removeLink(channel: ChannelKey): Promise<void>;

  cursor(channel: ChannelKey): Promise<Cursor | undefined>;
  /** Sets where a new link starts, or where a gap ends that was read or announced. */
  setCursor(channel: ChannelKey, cursor: Cursor): Promise<void>;
  /** Marks the channel as having a gap from its cursor on; survives a restart. */
  openGap(channel: ChannelKey): Promise<void>;
  /** Keeps a live event until the gap before it is closed. False: it was known already. */
  hold(channel: ChannelKey, event: RelayEvent): Promise<boolean>;
  held(channel: ChannelKey, limit: number): Promise<RelayEvent[]>;
  /** False while events are held: release those first. */
  closeGap(channel: ChannelKey): Promise<boolean>;
  /** Channels whose gap is still open. */
  gaps(): Promise<ChannelKey[]>;

  /** Dedupe, lanes, cursor and map in one write. Also ends the hold of an event of that id. */
  accept(acceptance: Acceptance): Promise<Accepted>;

  /** Lanes that hold anything, parked included. */
  lanes(): Promise<ChannelKey[]>;
  /** The head of the lane, begun by this call if it was not; or when something will be due; or undefined. */
  next(lane: ChannelKey): Promise<Next | undefined>;
  /**
   * Records one step. Unless `last`, the delivery stays begun for its next part and is returned; with `last` it leaves
   * the lane, and the next due delivery is begun in the same write and returned. Undefined: ask `next`, which knows of
   * deliveries to recall first or not yet due.
   * Rejects with `lease-lost` where the delivery is not begun here.
   */
  commit(lane: ChannelKey, id: string, step: Step, last: boolean): Promise<Delivery | undefined>;
  /**
   * Not before `dueAt`; counts as an attempt. `begun: false` where it certainly has not been sent: edits may fold into
   * it again.
   */
  defer(lane: ChannelKey, id: string, dueAt: number, begun: boolean): Promise<void>;
  /**
   * Steps aside, not begun, until `unpark` or `until`; others overtake it, but not what follows on the same message. One
   * that may have been sent stays so.
   */
  park(lane: ChannelKey, id: string, until: number): Promise<void>;
  /** Back to its place in the lane, behind what is begun there. */
  unpark(lane: ChannelKey, id: string): Promise<void>;
  /** To the dead letters, with the reason. Without an id the whole lane; resolves to how many. */
  bury(lane: ChannelKey, id: string | undefined, reason: string): Promise<number>;
  dead(): Promise<DeadLetter[]>;
  /** Back to the end of its lane, as possibly sent if it was begun. False where there is no such dead letter. */
  replay(id: string): Promise<boolean>;

  /** Copies of a message on the lane's channel, by part. */
  copies(source: MessageRef, lane: ChannelKey): Promise<CopyRecord[]>;
  /** The message as it stands on the channel: itself, the original it is a copy of, or the first part of its copy. */
  locate(ref: MessageRef, channel: ChannelRef): Promise<Target | undefined>;
  /** The copy that was sent under the key, also when it is gone. */
  byKey(channel: ChannelKey, key: Key): Promise<Copy | undefined>;
  /** The newest copy on the channel: an unanswered send can only stand after it. */
  lastCopy(channel: ChannelKey): Promise<MessageRef | undefined>;

  /** Counts one late twin of a copy that was found and deleted. */
  countHealed(channel: ChannelKey): Promise<void>;
  stats(): Promise<LaneStats[]>;
  /** Forgets map entries, event ids and dead letters from before the time; resolves to how many. */
  sweep(before: number): Promise<number>;
  close(): Promise<void>;
}
