/** Somebody who can speak in a place. `id` is the network's own id (`U…`, a snowflake, `@…:…`, an IRC nick). */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** One entry as a person in the place sees it. Entries stand in the order the network shows them; deleted ones are gone. */
export interface Said {
  /** The network's own message id; on IRC the running number of the line. */
  readonly id: string;
  /** The name shown beside it: a person's, or the one a relay asked for. */
  readonly author: string;
  /** True where a bot, webhook or application service wrote it. */
  readonly relayed: boolean;
  /** As shown, without markup, lines joined by `\n`. */
  readonly text: string;
  readonly edited: boolean;
  /** The message this one answers, or whose thread it is in, where the network says so. */
  readonly replyTo?: string;
  readonly avatarUrl?: string;
  /** Wall-clock milliseconds at which the network took it. */
  readonly at: number;
}

/**
 * One stand-in's channel or room as people use it: what the page draws, the scripted conversation speaks through and
 * the tests count. The ids are the network's own, so that they can be compared with what an adapter reported.
 */
export interface Place {
  readonly name: string;
  readonly people: readonly Person[];
  /** False where the network has no edit or delete (IRC). */
  readonly canEdit: boolean;
  said(): readonly Said[];
  /** Markup in `text` is the network's own. Resolves to the message's id. */
  say(person: string, text: string, options?: { readonly replyTo?: string }): Promise<string>;
  edit(person: string, id: string, text: string): Promise<void>;
  remove(person: string, id: string): Promise<void>;
  /** Calls back after every change; returns how to stop. */
  watch(changed: () => void): () => void;
}
