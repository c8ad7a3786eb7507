import type { Delivery, Planned } from "../store.ts";

/** A planned delivery as it is stored: JSON is made and read on the caller's side only, and once. */
export interface PlannedRow {
  readonly lane: string;
  readonly kind: Planned["kind"];
  readonly channel: string;
  readonly message: string;
  /** All but the saying, which an edit replaces by itself. */
  readonly body: string;
  readonly saying: string | null;
}

export interface DeliveryRow {
  readonly id: string;
  readonly body: string;
  readonly saying: string | null;
  readonly acceptedAt: number;
  readonly part: number;
  readonly attempts: number;
  readonly parkedOut: number;
}

export function plannedRow({ saying, ...body }: Planned): PlannedRow {
  const { network, channel, message } = body.source;
  return {
    lane: body.lane,
    kind: body.kind,
    channel: `${network}:${channel}`,
    message,
    body: JSON.stringify(body),
    saying: saying ? JSON.stringify(saying) : null,
  };
}

export function delivery(row: DeliveryRow): Delivery {
  const body: Planned = JSON.parse(row.body);
  return {
    ...body,
    ...(row.saying === null ? {} : { saying: JSON.parse(row.saying) }),
    id: row.id,
    acceptedAt: row.acceptedAt,
    part: row.part,
    attempts: row.attempts,
    parkedOut: row.parkedOut !== 0,
  };
}
