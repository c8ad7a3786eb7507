import type { Overwrite } from "./permissions.ts";

/** JSON on its way out. */
export type Wire = Readonly<Record<string, unknown>>;

export interface User {
  readonly id: string;
  readonly username: string;
  readonly globalName: string | null;
  readonly avatar: string | null;
  readonly bot: boolean;
}

export interface Member {
  readonly user: User;
  readonly nick: string | null;
  readonly roles: readonly string[];
  readonly joinedAt: number;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

/** A text channel (0), an announcement channel (5) or a public thread (11). */
export interface Channel {
  readonly id: string;
  readonly type: 0 | 5 | 11;
  readonly name: string;
  readonly topic: string | null;
  overwrites: readonly Overwrite[];
  readonly messages: Map<string, Message>;
  readonly thread?: Thread;
}

interface Thread {
  readonly parent: string;
  readonly owner: string;
  readonly autoArchiveMinutes: number;
  archived: boolean;
}

export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly channel: string;
  readonly name: string;
  readonly avatar: string | null;
  /** The application whose bot made it; null where a person did. */
  readonly application: string | null;
  readonly user: string;
}

export interface Mentions {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
}

export interface Message {
  readonly id: string;
  readonly channel: string;
  /** Ordinary (0), reply (19), thread starter (21). */
  readonly type: 0 | 19 | 21;
  /** As they were called when they said it; a webhook's message carries the webhook's id and the name asked for. */
  readonly author: User;
  readonly webhook?: Webhook;
  /** The picture a webhook's message was sent with. */
  readonly avatarUrl?: string;
  readonly reference?: { readonly channel: string; readonly message: string };
  readonly nonce?: string | number;
  content: string;
  mentions: Mentions;
  embeds: readonly object[];
  flags: number;
  editedAt: number | null;
}

/** What happened, for whoever watches the guild. */
export interface GuildEvent {
  /** The gateway's name for it. */
  readonly name: string;
  /** The intent bit without which it is not sent. */
  readonly intent: number;
  /** Set where only who sees this channel hears of it. */
  readonly channel?: string;
  /** The event's data, with or without what the MessageContent intent grants. */
  data(seesContent: boolean): Wire;
}
