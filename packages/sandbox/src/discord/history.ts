import type { Channel, Message } from "./model.ts";
import { byAge } from "./snowflake.ts";

/** Which span of a channel's messages. The bounds are exclusive. */
export interface Span {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly around?: string | undefined;
}

/** Newest first; with `after`, the `limit` messages that follow it most closely. */
export function history(channel: Channel, { limit, before, after, around }: Span): Message[] {
  const all = [...channel.messages.values()];
  if (around !== undefined) {
    const older = all.filter(({ id }) => byAge(id, around) <= 0).slice(-Math.ceil((limit + 1) / 2));
    const newer = all.filter(({ id }) => byAge(id, around) > 0).slice(0, limit - older.length);
    return [...older, ...newer].reverse();
  }
  if (after !== undefined)
    return all
      .filter(({ id }) => byAge(id, after) > 0)
      .slice(0, limit)
      .reverse();
  const older = before === undefined ? all : all.filter(({ id }) => byAge(id, before) < 0);
  return older.slice(-limit).reverse();
}
