import type { DatabaseSync } from "node:sqlite";
import type { ChannelKey, Key } from "../model/ids.ts";
import type { Store } from "../store.ts";
import { acceptCalls } from "./accept.ts";
import { channelCalls } from "./channels.ts";
import { laneCalls } from "./lanes.ts";
import { mapCalls } from "./map.ts";
import { prepare } from "./query.ts";
import type {
  AcceptanceRow,
  AcceptedRow,
  CopyRow,
  DeadRow,
  DeliveryRow,
  NextRow,
  Place,
  StepRow,
  TargetRow,
} from "./rows.ts";
import { statsCalls } from "./stats.ts";

type Sync<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (now: number, ...args: Args) => Result
  : never;

/** Calls whose arguments or results cross as rows. */
interface RowCalls {
  accept(now: number, acceptance: AcceptanceRow): AcceptedRow;
  next(now: number, lane: ChannelKey): NextRow | undefined;
  commit(now: number, lane: ChannelKey, id: string, step: StepRow, last: boolean): DeliveryRow | undefined;
  dead(now: number): DeadRow[];
  copies(now: number, source: Place, lane: ChannelKey): CopyRow[];
  locate(now: number, place: Place, channel: ChannelKey): TargetRow | undefined;
  byKey(now: number, channel: ChannelKey, key: Key): (Place & { readonly handle: string }) | undefined;
  lastCopy(now: number, channel: ChannelKey): Place | undefined;
}

/** The store's calls where the database is: synchronous, `now` by the caller's clock. */
export type Calls = RowCalls & {
  [Name in Exclude<keyof Store, keyof RowCalls | "open" | "close">]: Sync<Store[Name]>;
};

/** A call that throws a `RelayError` has written nothing; after any other error the caller rolls back. */
export function createCalls(db: DatabaseSync): Calls {
  const opening = prepare<{ value: number }>(
    db,
    "UPDATE meta SET value = value + 1 WHERE name = 'opening' RETURNING CAST(value AS INTEGER) AS value",
  ).get();
  const secret = prepare<{ value: string }>(db, "SELECT value FROM meta WHERE name = 'secret'").get();
  if (!opening || !secret) throw new Error("the store's own table is empty");
  return {
    secret: () => secret.value,
    ...channelCalls(db),
    ...acceptCalls(db, opening.value, secret.value),
    ...laneCalls(db, opening.value),
    ...mapCalls(db),
    ...statsCalls(db),
  };
}
