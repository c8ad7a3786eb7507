import type { DatabaseSync } from "node:sqlite";
import type { RelayEvent } from "../model/event.ts";
import type { ChannelKey, Cursor } from "../model/ids.ts";
import type { LinkRecord } from "../store.ts";
import type { Calls } from "./calls.ts";
import { prepare } from "./query.ts";

type ChannelCalls = Pick<
  Calls,
  | "addOwn"
  | "own"
  | "links"
  | "setLink"
  | "removeLink"
  | "cursor"
  | "setCursor"
  | "openGap"
  | "hold"
  | "held"
  | "closeGap"
  | "gaps"
>;

/** What is known of accounts and channels: own ids, links, cursors, gaps and the events held behind them. */
export function channelCalls(db: DatabaseSync): ChannelCalls {
  const addOwn = prepare(db, "INSERT INTO own VALUES (?, ?) ON CONFLICT DO NOTHING");
  const own = prepare<{ id: string }>(db, "SELECT id FROM own WHERE network = ? ORDER BY id");
  const links = prepare<{ record: string }>(db, "SELECT record FROM link ORDER BY channel");
  const setLink = prepare(db, "INSERT INTO link VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record");
  const removeLink = ["link", "position", "held"].map(table => prepare(db, `DELETE FROM ${table} WHERE channel = ?`));
  const cursor = prepare<{ cursor: Cursor | null }>(db, "SELECT cursor FROM position WHERE channel = ?");
  const setCursor = prepare(
    db,
    "INSERT INTO position (channel, cursor) VALUES (?, ?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor",
  );
  const openGap = prepare(db, "INSERT INTO position (channel, gap) VALUES (?, 1) ON CONFLICT DO UPDATE SET gap = 1");
  const hold = prepare(
    db,
    `INSERT INTO held (channel, id, event) SELECT ?1, ?2, ?3
     WHERE NOT EXISTS (SELECT 1 FROM event WHERE channel = ?1 AND id = ?2) ON CONFLICT DO NOTHING`,
  );
  const held = prepare<{ event: string }>(db, "SELECT event FROM held WHERE channel = ? ORDER BY seq LIMIT ?");
  const closeGap = prepare(
    db,
    "UPDATE position SET gap = 0 WHERE channel = ?1 AND NOT EXISTS (SELECT 1 FROM held WHERE channel = ?1)",
  );
  const isHeld = prepare(db, "SELECT 1 FROM held WHERE channel = ? LIMIT 1");
  const gaps = prepare<{ channel: ChannelKey }>(db, "SELECT channel FROM position WHERE gap = 1 ORDER BY channel");

  return {
    addOwn(_now, network, ids) {
      for (const id of ids) addOwn.run(network, id);
    },
    own: (_now, network) => own.all(network).map(({ id }) => id),
    links: () => links.all().map(({ record }): LinkRecord => JSON.parse(record)),
    setLink(_now, link) {
      setLink.run(link.channel, JSON.stringify(link));
    },
    removeLink(_now, channel) {
      for (const table of removeLink) table.run(channel);
    },
    cursor: (_now, channel) => cursor.get(channel)?.cursor ?? undefined,
    setCursor(_now, channel, value) {
      setCursor.run(channel, value);
    },
    openGap(_now, channel) {
      openGap.run(channel);
    },
    hold: (_now, channel, event) => hold.run(channel, event.id, JSON.stringify(event)) > 0,
    held: (_now, channel, limit) => held.all(channel, limit).map(({ event }): RelayEvent => JSON.parse(event)),
    closeGap(_now, channel) {
      closeGap.run(channel);
      return isHeld.get(channel) === undefined;
    },
    gaps: () => gaps.all().map(({ channel }) => channel),
  };
}
