import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Calls } from "./calls.ts";
import { prepare } from "./query.ts";
import type { AcceptedRow, PlannedRow } from "./rows.ts";

type Fate = AcceptedRow["fates"][number][1];

/** An event's way into the lanes. */
export function acceptCalls(db: DatabaseSync, opening: number, secret: string): Pick<Calls, "accept"> {
  const addEvent = prepare(db, "INSERT INTO event (channel, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const endHold = prepare(db, "DELETE FROM held WHERE channel = ? AND id = ?");
  const moveCursor = prepare(
    db,
    "INSERT INTO position (channel, cursor) VALUES (?, ?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor",
  );
  const addMessage = prepare(
    db,
    `INSERT INTO message (channel, message, author_id, author, hash, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET author_id = excluded.author_id, author = excluded.author, hash = excluded.hash`,
  );
  const busy = prepare(
    db,
    `SELECT 1 FROM delivery WHERE lane = ? AND dead_at IS NULL AND (parked_until IS NULL OR parked_until <= ?) LIMIT 1`,
  );
  const append = prepare(
    db,
    `INSERT INTO delivery (id, lane, kind, source_channel, source_message, body, saying, accepted_at, begun_at, holder)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const foldEdit = prepare(
    db,
    `UPDATE delivery SET saying = ? WHERE seq = (
       SELECT max(seq) FROM delivery WHERE lane = ? AND source_message = ? AND source_channel = ? AND dead_at IS NULL
       AND kind IN ('created', 'edited') AND begun_at IS NULL AND part = 0)`,
  );
  const dropUnsaid = prepare<{ kind: PlannedRow["kind"] }>(
    db,
    `DELETE FROM delivery WHERE lane = ? AND source_message = ? AND source_channel = ? AND dead_at IS NULL
     AND kind IN ('created', 'edited') AND begun_at IS NULL AND part = 0 RETURNING kind`,
  );

  function place(now: number, id: string, planned: PlannedRow): Fate {
    const { lane, kind, channel, message, body, saying } = planned;
    if (kind === "edited" && foldEdit.run(saying, lane, message, channel) > 0) return "folded";
    if (kind === "deleted" && dropUnsaid.all(lane, message, channel).some(row => row.kind === "created")) return "gone";
    const idle = busy.get(lane, now) === undefined;
    append.run(id, lane, kind, channel, message, body, saying, now, idle ? now : null, idle ? opening : null);
    return idle ? "begun" : "waiting";
  }

  return {
    accept(now, { channel, eventId, deliveries, cursor, message }) {
      const fresh = addEvent.run(channel, eventId, now) > 0;
      endHold.run(channel, eventId);
      if (cursor !== undefined) moveCursor.run(channel, cursor);
      if (!fresh) return { fresh, at: now, fates: [] };
      if (message) {
        addMessage.run(message.channel, message.message, message.authorId, message.author, message.hash, now);
      }
      const fates = deliveries.map((planned): AcceptedRow["fates"][number] => {
        // A hash cut to a part of itself needs no HMAC to be keyed.
        const id = hash("sha256", secret + JSON.stringify([eventId, channel, planned.lane])).slice(0, 24);
        return [id, place(now, id, planned)];
      });
      return { fresh, at: now, fates };
    },
  };
}
