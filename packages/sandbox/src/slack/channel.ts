import type { Kept, SlackMessage } from "./message.ts";

/** The inner `event` of an Events API delivery. */
export interface SlackEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A channel's members and messages. Every change is told to `publish`, as the event Slack makes of it, and to those who watch. */
export class Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly created: number = Math.floor(Date.now() / 1000);
  readonly members = new Set<string>();
  isArchived = false;
  readonly #messages: Kept[] = [];
  readonly #publish: (event: SlackEvent) => void;
  readonly #watchers = new Set<() => void>();
  #lastTs = 0;

  constructor(id: string, name: string, isPrivate: boolean, publish: (event: SlackEvent) => void) {
    this.id = id;
    this.name = name;
    this.isPrivate = isPrivate;
    this.#publish = publish;
  }

  /** Slack's event names, scopes and `channel_type` still call a private channel a group. */
  get kind(): "channel" | "group" {
    return this.isPrivate ? "group" : "channel";
  }

  /** In the order of their `ts`. */
  get messages(): readonly Kept[] {
    return this.#messages;
  }

  find(ts: string | undefined): Kept | undefined {
    return this.#messages.find(({ shown }) => shown.ts === ts && shown.subtype !== "tombstone");
  }

  replies(parentTs: string): readonly Kept[] {
    return this.#messages.filter(({ shown }) => shown.thread_ts === parentTs && shown.ts !== parentTs);
  }

  post(message: Omit<SlackMessage, "type" | "ts">, kept: Omit<Kept, "shown"> = { ownBlocks: false }): SlackMessage {
    const shown: SlackMessage = { type: "message", ...message, ts: this.#nextTs() };
    this.#messages.push({ ...kept, shown });
    this.announce({ ...shown, channel_type: this.kind, event_ts: shown.ts });
    return shown;
  }

  /** `changed.ts` says which. */
  change(changed: SlackMessage, kept: Omit<Kept, "shown">): void {
    const index = this.#messages.findIndex(({ shown }) => shown.ts === changed.ts);
    const previous = this.#messages[index]?.shown;
    if (!previous) return;
    this.#messages[index] = { ...kept, shown: changed };
    const teams = changed.team && { source_team: changed.team, user_team: changed.team };
    this.#announceHidden("message_changed", { message: { ...changed, ...teams }, previous_message: previous });
  }

  /** A thread's parent leaves a tombstone while it has replies. */
  remove({ shown, ownBlocks }: Kept): void {
    if (this.replies(shown.ts).length > 0) {
      const text = "This message was deleted.";
      const { ts } = shown;
      const tombstone = { type: "message", subtype: "tombstone", user: "USLACKBOT", hidden: true, text, ts } as const;
      this.change({ ...tombstone, thread_ts: ts }, { ownBlocks });
      return;
    }
    this.#messages.splice(
      this.#messages.findIndex(each => each.shown.ts === shown.ts),
      1,
    );
    this.#announceHidden("message_deleted", { deleted_ts: shown.ts, previous_message: shown });
  }

  /** Tells of something that happened here. */
  announce(event: SlackEvent): void {
    this.#publish({ ...event, channel: this.id });
    for (const changed of this.#watchers) changed();
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  #announceHidden(subtype: string, fields: Readonly<Record<string, unknown>>): void {
    const ts = this.#nextTs();
    this.announce({ type: "message", subtype, ...fields, hidden: true, ts, event_ts: ts, channel_type: this.kind });
  }

  #nextTs(): string {
    this.#lastTs = Math.max(Date.now() * 1000, this.#lastTs + 1);
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, "0")}`;
  }
}
