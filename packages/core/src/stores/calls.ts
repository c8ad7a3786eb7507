import type { DatabaseSync } from "node:sqlite";
import type { Acceptance, Accepted, DeadLetter, Step, Store } from "../store.ts";
import { acceptCalls } from "./accept.ts";
import { channelCalls } from "./channels.ts";
import type { DeliveryRow, PlannedRow } from "./delivery-row.ts";
import { laneCalls } from "./lanes.ts";
import { mapCalls } from "./map.ts";
import { prepare } from "./query.ts";
import { statsCalls } from "./stats.ts";

export interface AcceptanceRow extends Omit<Acceptance, "deliveries"> {
  readonly deliveries: readonly PlannedRow[];
}

/** What became of each planned delivery, in their order. */
export interface AcceptedRow extends Pick<Accepted, "fresh"> {
  readonly at: number;
  readonly fates: readonly (readonly [id: string, fate: "begun" | "waiting" | "folded" | "gone"])[];
}

export type NextRow =
  | { readonly delivery: DeliveryRow; readonly fresh: boolean; readonly begunAt: number }
  | { readonly dueAt: number };

export interface DeadRow extends Omit<DeadLetter, "delivery"> {
  readonly delivery: DeliveryRow;
}

type Sync<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (now: number, ...args: Args) => Result
  : never;

type Rowed = "accept" | "next" | "commit" | "dead";

/** The store's calls where the database is: synchronous, `now` by the caller's clock, deliveries as rows. */
export type Calls = { [Name in Exclude<keyof Store, Rowed | "open" | "close">]: Sync<Store[Name]> } & {
  accept(now: number, acceptance: AcceptanceRow): AcceptedRow;
  next(now: number, lane: string): NextRow | undefined;
  commit(now: number, lane: string, id: string, step: Step, last: boolean): DeliveryRow | undefined;
  dead(now: number): DeadRow[];
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
