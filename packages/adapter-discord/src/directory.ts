import type { z } from "zod";
import type { ChannelPayload, RolePayload } from "./payload.ts";
import type { Spot } from "./spot.ts";

export interface KnownChannel {
  readonly id: string;
  readonly guild: string | undefined;
  readonly name: string | undefined;
  /** Set for a thread: the channel it belongs to. */
  readonly parent?: string;
  /** A thread for those who were asked into it: nothing for the channel's other readers. */
  readonly isPrivate: boolean;
}

const publicThreads: readonly number[] = [10, 11];
const privateThread = 12;

/** What we know of guilds without asking: which channels and threads there are, and what they and roles are called. */
export class Directory {
  readonly #channels = new Map<string, KnownChannel>();
  readonly #roles = new Map<string, string>();
  /** Messages that were asked for a thread and had none. */
  readonly #threadless = new Set<string>();

  learn(payload: ChannelPayload, guild: string | undefined = payload.guild_id): KnownChannel {
    const isThread = publicThreads.includes(payload.type) || payload.type === privateThread;
    const known: KnownChannel = {
      id: payload.id,
      guild: guild ?? this.#channels.get(payload.id)?.guild,
      name: payload.name ?? undefined,
      isPrivate: payload.type === privateThread,
      ...(isThread && payload.parent_id ? { parent: payload.parent_id } : {}),
    };
    this.#channels.set(known.id, known);
    this.#threadless.delete(known.id);
    return known;
  }

  learnRole({ id, name }: z.infer<typeof RolePayload>): void {
    this.#roles.set(id, name);
  }

  find(id: string): KnownChannel | undefined {
    return this.#channels.get(id);
  }

  role(id: string): string | undefined {
    return this.#roles.get(id);
  }

  forget(id: string): void {
    this.#channels.delete(id);
  }

  /** The guild's channels, without threads; they are forgotten. */
  forgetGuild(guild: string): string[] {
    const gone = [...this.#channels.values()].filter(channel => channel.guild === guild);
    for (const { id } of gone) this.#channels.delete(id);
    return gone.filter(({ parent }) => parent === undefined).map(({ id }) => id);
  }

  /** The message has no thread; remembered until one is made. */
  noThread(message: string): void {
    if (this.#threadless.size >= 1000) this.#threadless.clear();
    this.#threadless.add(message);
  }

  isThreadless(message: string): boolean {
    return this.#threadless.has(message);
  }
}

/** Where the relay has what is said in this channel; undefined for private threads. */
export function spotOf({ id, parent, isPrivate }: KnownChannel): Spot | undefined {
  if (isPrivate) return undefined;
  return parent === undefined ? { channel: id } : { channel: parent, thread: id };
}
