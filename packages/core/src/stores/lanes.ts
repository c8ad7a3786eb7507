import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import type { ChannelKey } from "../model/ids.ts";
import type { Calls } from "./calls.ts";
import { mapSteps } from "./map.ts";
import { prepare, type Query } from "./query.ts";
import type { DeliveryRow, Place } from "./rows.ts";

type LaneCalls = Pick<Calls, "lanes" | "next" | "commit" | "defer" | "park" | "unpark" | "bury" | "dead" | "replay">;

interface HeadRow extends DeliveryRow {
  readonly seq: number;
  readonly dueAt: number;
  readonly begunAt: number | null;
  readonly holder: number | null;
  readonly fresh: number;
  readonly waitedOut: number;
}

interface BegunRow extends DeliveryRow, Place {
  readonly seq: number;
}

const columns = "id, body, saying, accepted_at AS acceptedAt, part, attempts, parked_out AS parkedOut";

/** The ordered lines of deliveries. `opening` numbers this opening of the store: a begun delivery belongs to one. */
export function laneCalls(db: DatabaseSync, opening: number): LaneCalls {
  const { record } = mapSteps(db);
  const lanes = prepare<{ lane: ChannelKey }>(db, "SELECT DISTINCT lane FROM delivery WHERE dead_at IS NULL");
  const headWhere = (which: string): Query<HeadRow> =>
    prepare(
      db,
      `SELECT seq, ${columns}, due_at AS dueAt, begun_at AS begunAt, holder, fresh,
         coalesce(parked_until, 0) > 0 AS waitedOut FROM delivery
       WHERE lane = ? AND dead_at IS NULL AND ${which} ORDER BY seq LIMIT 1`,
    );
  const inLane = headWhere("parked_until IS NULL");
  const comeBack = headWhere("parked_until <= ?");
  const firstParked = prepare<{ until: number | null }>(
    db,
    `SELECT min(parked_until) AS until FROM delivery
     WHERE lane = ? AND dead_at IS NULL AND parked_until > ? AND seq < ?`,
  );
  const begin = prepare(
    db,
    `UPDATE delivery SET begun_at = ?, holder = ?, fresh = ?, parked_out = ?, parked_until = NULL WHERE seq = ?`,
  );
  const begun = prepare<BegunRow>(
    db,
    `SELECT seq, source_channel AS channel, source_message AS message, ${columns} FROM delivery
     WHERE id = ? AND lane = ? AND dead_at IS NULL AND begun_at IS NOT NULL AND holder = ?`,
  );
  const nextPart = prepare(
    db,
    "UPDATE delivery SET part = part + 1, attempts = 0, begun_at = ?, fresh = 1 WHERE seq = ?",
  );
  const countDelivered = prepare(
    db,
    "INSERT INTO lane (lane, delivered) VALUES (?, 1) ON CONFLICT DO UPDATE SET delivered = delivered + 1",
  );
  const pop = prepare(db, "DELETE FROM delivery WHERE seq = ?");
  const defer = prepare(
    db,
    `UPDATE delivery SET due_at = ?, attempts = attempts + 1, begun_at = CASE WHEN ? THEN coalesce(begun_at, ?) END,
       holder = ?, fresh = 0 WHERE id = ? AND lane = ? AND dead_at IS NULL`,
  );
  // What follows on the same message steps aside with it. A send of it that may have left unanswered is not forgotten.
  const park = prepare(
    db,
    `UPDATE delivery SET parked_until = ?, begun_at = CASE WHEN fresh AND holder = ? THEN NULL ELSE begun_at END
     WHERE lane = ? AND dead_at IS NULL
     AND (source_message, source_channel) = (SELECT source_message, source_channel FROM delivery WHERE id = ?)`,
  );
  const unpark = prepare(
    db,
    `UPDATE delivery SET parked_until = 0 WHERE lane = ? AND dead_at IS NULL AND parked_until IS NOT NULL
     AND (source_message, source_channel) = (SELECT source_message, source_channel FROM delivery WHERE id = ?)`,
  );
  const bury = prepare(
    db,
    `UPDATE delivery SET dead_at = ?, reason = ? WHERE lane = ? AND id = coalesce(?, id) AND dead_at IS NULL`,
  );
  const dead = prepare<DeliveryRow & { reason: string; at: number }>(
    db,
    `SELECT ${columns}, reason, dead_at AS at FROM delivery WHERE dead_at IS NOT NULL ORDER BY dead_at, seq`,
  );
  const replay = prepare(
    db,
    `UPDATE delivery SET seq = (SELECT max(seq) + 1 FROM delivery), dead_at = NULL, reason = NULL, attempts = 0,
       due_at = 0, parked_until = NULL, fresh = 0 WHERE id = ? AND dead_at IS NOT NULL`,
  );

  /** What was parked comes back to its place, but not before one that is begun: that one has to be settled first. */
  function head(now: number, lane: ChannelKey): HeadRow | undefined {
    const front = inLane.get(lane);
    const back = comeBack.get(lane, now);
    if (!front || !back) return front ?? back;
    return front.begunAt === null && back.seq < front.seq ? back : front;
  }

  function take(row: HeadRow, begunAt: number, fresh: boolean): DeliveryRow {
    const parkedOut = row.parkedOut | row.waitedOut;
    begin.run(begunAt, opening, fresh ? 1 : 0, parkedOut, row.seq);
    return { ...plain(row), parkedOut };
  }

  return {
    lanes: () => lanes.all().map(({ lane }) => lane),

    next(now, lane) {
      const row = head(now, lane);
      if (!row || row.dueAt > now) {
        const due = [row?.dueAt, firstParked.get(lane, now, row?.seq ?? Number.MAX_SAFE_INTEGER)?.until];
        const dueAt = Math.min(...due.filter(at => typeof at === "number"));
        return Number.isFinite(dueAt) ? { dueAt } : undefined;
      }
      const fresh = row.begunAt === null || (row.holder === opening && row.fresh !== 0);
      const begunAt = row.begunAt ?? now;
      return { delivery: take(row, begunAt, fresh), fresh, begunAt };
    },

    commit(now, lane, id, step, last) {
      const row = begun.get(id, lane, opening);
      if (!row) {
        const message = `delivery ${id} is not begun here: another worker holds ${lane}, or the delivery is gone.`;
        throw new RelayError("lease-lost", message, { retry: "never" });
      }
      record(now, lane, row, step);
      if (!last) {
        nextPart.run(now, row.seq);
        return { ...plain(row), part: row.part + 1, attempts: 0 };
      }
      pop.run(row.seq);
      countDelivered.run(lane);
      const following = head(now, lane);
      // One that somebody else began has to be recalled first: that is for `next` to say.
      if (!following || following.dueAt > now || following.begunAt !== null) return undefined;
      return take(following, now, true);
    },

    defer(now, lane, id, dueAt, stillBegun) {
      defer.run(dueAt, stillBegun ? 1 : 0, now, opening, id, lane);
    },
    park(_now, lane, id, until) {
      park.run(until, opening, lane, id);
    },
    unpark(_now, lane, id) {
      unpark.run(lane, id);
    },
    bury: (now, lane, id, reason) => bury.run(now, reason, lane, id ?? null),
    dead: () => dead.all().map(({ reason, at, ...row }) => ({ delivery: plain(row), reason, at })),
    replay: (_now, id) => replay.run(id) > 0,
  };
}

function plain({ id, body, saying, acceptedAt, part, attempts, parkedOut }: DeliveryRow): DeliveryRow {
  return { id, body, saying, acceptedAt, part, attempts, parkedOut };
}
