import type { DatabaseSync } from "node:sqlite";
import type { LaneStats } from "../store.ts";
import type { Calls } from "./calls.ts";
import { prepare } from "./query.ts";

export function statsCalls(db: DatabaseSync): Pick<Calls, "countHealed" | "stats" | "sweep"> {
  const countHealed = prepare(
    db,
    "INSERT INTO lane (lane, healed) VALUES (?, 1) ON CONFLICT DO UPDATE SET healed = healed + 1",
  );
  const stats = prepare<Omit<LaneStats, "oldestAt"> & { oldestAt: number | null }>(
    db,
    `SELECT lane, coalesce(waiting, 0) AS waiting, coalesce(parked, 0) AS parked, coalesce(dead, 0) AS dead,
       coalesce(delivered, 0) AS delivered, coalesce(healed, 0) AS healed, oldestAt
     FROM (SELECT lane FROM lane UNION SELECT lane FROM delivery)
     LEFT JOIN lane USING (lane)
     LEFT JOIN (SELECT lane,
         sum(dead_at IS NULL AND coalesce(parked_until, 0) = 0) AS waiting,
         sum(dead_at IS NULL AND parked_until > 0) AS parked,
         sum(dead_at IS NOT NULL) AS dead,
         min(CASE WHEN dead_at IS NULL THEN accepted_at END) AS oldestAt
       FROM delivery GROUP BY lane) USING (lane)
     ORDER BY lane`,
  );
  // Rows stand in the order of their time, so that the old ones are found without reading the others.
  const forget = ["event", "message", "copy", "sent"].map(table =>
    prepare(
      db,
      `DELETE FROM ${table} WHERE seq < coalesce(
         (SELECT seq FROM ${table} WHERE at >= ? ORDER BY seq LIMIT 1), (SELECT max(seq) + 1 FROM ${table}))`,
    ),
  );
  const forgetDead = prepare(db, "DELETE FROM delivery WHERE dead_at < ?");

  return {
    countHealed(_now, channel) {
      countHealed.run(channel);
    },
    stats: () => stats.all().map(({ oldestAt, ...counts }) => (oldestAt === null ? counts : { ...counts, oldestAt })),
    sweep: (_now, before) =>
      [...forget, forgetDead].reduce((forgotten, statement) => forgotten + statement.run(before), 0),
  };
}
