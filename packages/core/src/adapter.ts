import type { RelayError } from "./errors.ts";
import type { Capabilities } from "./model/capabilities.ts";
import type { Content } from "./model/content.ts";
import type { RelayEvent } from "./model/event.ts";
import type { Finding } from "./model/finding.ts";
import type { ChannelRef, Cursor, Key, MessageRef } from "./model/ids.ts";
import type { Author, FileNote } from "./model/message.ts";

/** A part as it stands on a channel. `handle` is the adapter's own (webhook, thread, sender): opaque, without secrets. */
export interface Copy {
  readonly ref: MessageRef;
  readonly handle: string;
}

/** A message on the channel that a post points at; `handle` where it is a copy of ours, `author` where the map knows. */
export interface Target {
  readonly ref: MessageRef;
  readonly handle?: string;
  readonly author?: string;
}

/** What a channel is to receive, with every reference already resolved to that channel. */
export interface Post {
  /** Who says it; absent where the relay itself speaks. */
  readonly author?: Author;
  readonly content: Content;
  readonly files: readonly FileNote[];
  readonly replyTo?: Target;
  readonly thread?: Target;
  /** A reply or thread whose target the channel does not have (it came before the link, or too late). */
  readonly degraded?: boolean;
}

/** A stretch of history that can't be read: times are wall-clock milliseconds, where known. */
export interface Lost {
  readonly type: "lost";
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly why: string;
}

export interface NetworkState {
  readonly state: "connecting" | "connected" | "failed";
  /** With `failed`: why, and that the adapter has given up. */
  readonly error?: RelayError;
}

/** What an adapter tells the relay once connected. */
export interface Inbox {
  /**
   * Resolves once the event is on disk (or known already, or of no concern): acknowledge to the network then.
   * Call in the order of the channel and do not wait between calls: order of calls is order of acceptance.
   * Rejects with a `RelayError` where it could not be kept: do not acknowledge.
   */
  accept(event: RelayEvent): Promise<void>;
  /** Live events of the channel (of all, without one) may have been missed: the relay reads history. */
  missed(channel?: ChannelRef): void;
  /** Our account was kicked or banned, or the channel is gone: the link pauses and says so. */
  lost(channel: ChannelRef, finding: Finding): void;
  report(state: NetworkState): void;
}

/**
 * The seam to a network; members stand in the order they are called. Methods reject with `RelayError` only.
 * `Part` is the adapter's own rendered form: plain JSON, and the relay never looks inside.
 */
export interface Adapter<Part = unknown> {
  /** Data; does not change while running. */
  readonly capabilities: Capabilities;

  /**
   * Without a channel: token, scopes, intents. With one: whether we are in it, permissions, power, encryption, privacy
   * (finding `private`, which a link may declare to be wanted; `not-joined` where `prepare` could join).
   * Never writes. An unreachable network rejects with `retry: "later"`.
   */
  check(channel?: ChannelRef): Promise<Finding[]>;

  /** What a maintainer wrote after the colon (`#name`, alias or id) → the channel's id. Rejects with a finding. */
  resolve(name: string): Promise<ChannelRef>;

  /**
   * Joins and makes what sending needs (a webhook). Idempotent. Returns every id that copies on this channel will be
   * written as; the relay keeps them for good before the first send.
   */
  prepare(channel: ChannelRef): Promise<string[]>;

  /** Resolves when live; reconnects by itself until `signal` aborts, reporting to the inbox. Called again only after it rejected. */
  connect(inbox: Inbox, signal: AbortSignal): Promise<void>;

  /** Where the channel's history stands now: a new link starts here. */
  head(channel: ChannelRef): Promise<Cursor>;

  /** What happened after the cursor, oldest first, our own messages too; each event with its cursor. Ends at the present. */
  history(channel: ChannelRef, after: Cursor): AsyncIterable<RelayEvent | Lost>;

  /** Pure. At least one part; each within the network's limits. */
  render(post: Post): Part[];

  /** Sends one part. The copy carries the key as `capabilities.marks` says. */
  send(channel: ChannelRef, part: Part, key: Key): Promise<Copy>;

  /**
   * Settles a send that may have left unanswered: looks for a copy of ours with this key after message `after` (the last
   * copy known to precede it). Needed where sends are not idempotent. `unknown` where history can't tell yet.
   */
  recall(
    channel: ChannelRef,
    part: Part,
    key: Key,
    after: MessageRef | undefined,
  ): Promise<Copy | "absent" | "unknown">;

  /** Makes the copy say `part`. Idempotent; `not-found` where the copy is gone. */
  edit(copy: Copy, part: Part, key: Key): Promise<Copy>;

  /** Idempotent: a copy that is gone already is removed. */
  remove(copy: Copy, key: Key): Promise<void>;

  /** Closes what the adapter holds; after it nothing is called. */
  close(): Promise<void>;
}
