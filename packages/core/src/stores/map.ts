import type { DatabaseSync } from "node:sqlite";
import type { Calls } from "./calls.ts";
import { prepare } from "./query.ts";
import type { CopyRow, Place, StepRow } from "./rows.ts";

/** Writes what a step of a delivery did to the map. */
export function mapSteps(db: DatabaseSync): {
  record(now: number, lane: string, source: Place, step: StepRow): void;
} {
  const standing = prepare<{ message: string }>(
    db,
    "SELECT message FROM copy WHERE source_message = ? AND source_channel = ? AND lane = ? AND part = ?",
  );
  const addCopy = prepare(
    db,
    `INSERT INTO copy (source_message, source_channel, lane, part, channel, message, handle, key, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     channel = excluded.channel, message = excluded.message, handle = excluded.handle, key = excluded.key`,
  );
  const removeCopy = prepare(
    db,
    "DELETE FROM copy WHERE source_message = ? AND source_channel = ? AND lane = ? AND part = ?",
  );
  const addSent = prepare(
    db,
    "INSERT INTO sent (lane, key, channel, message, handle, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const setNewest = prepare(
    db,
    `INSERT INTO lane (lane, last_channel, last_message) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
     last_channel = excluded.last_channel, last_message = excluded.last_message`,
  );

  return {
    record(now, lane, source, step) {
      const place = [source.message, source.channel, lane, "part" in step ? step.part : 0] as const;
      if (step.type === "gone") removeCopy.run(...place);
      if (step.type !== "copy") return;
      const { channel, message, handle, key } = step;
      // An edited copy stands where it stood: the newest one is still another.
      if (standing.get(...place)?.message !== message) setNewest.run(lane, channel, message);
      addCopy.run(...place, channel, message, handle, key, now);
      addSent.run(lane, key, channel, message, handle, now);
    },
  };
}

/** The message map as it is asked. */
export function mapCalls(db: DatabaseSync): Pick<Calls, "copies" | "locate" | "byKey" | "lastCopy"> {
  const copies = prepare<CopyRow>(
    db,
    `SELECT part, channel, message, handle, key FROM copy
     WHERE source_message = ? AND source_channel = ? AND lane = ? ORDER BY part`,
  );
  const source = prepare<Place & { handle: string }>(
    db,
    `SELECT source_channel AS channel, source_message AS message, handle FROM copy
     WHERE message = ? AND channel = ? LIMIT 1`,
  );
  const author = prepare<{ author: string }>(db, "SELECT author FROM message WHERE channel = ? AND message = ?");
  const byKey = prepare<Place & { handle: string }>(
    db,
    "SELECT channel, message, handle FROM sent WHERE key = ? AND lane = ?",
  );
  const last = prepare<Place>(
    db,
    "SELECT last_channel AS channel, last_message AS message FROM lane WHERE lane = ? AND last_message IS NOT NULL",
  );

  return {
    copies: (_now, of, lane) => copies.all(of.message, of.channel, lane),

    locate(_now, place, channel) {
      const copied = source.get(place.message, place.channel);
      const original: Place = copied ?? place;
      const known = author.get(original.channel, original.message);
      if (place.channel === channel) return { ...place, ...(copied && { handle: copied.handle }), ...known };
      if (original.channel === channel) return { channel, message: original.message, ...known };
      const [copy] = copies.all(original.message, original.channel, channel);
      return copy && { channel: copy.channel, message: copy.message, handle: copy.handle, ...known };
    },

    byKey: (_now, channel, key) => byKey.get(key, channel),
    lastCopy: (_now, channel) => last.get(channel),
  };
}
