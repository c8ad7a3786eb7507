import { type ChannelKey, channelKey, type Key, type MessageRef, messageRef, parseChannel } from "../model/ids.ts";
import type { Acceptance, Accepted, DeadLetter, Delivery, Planned, Step } from "../store.ts";

// What crosses to the thread that holds the database: strings and numbers, so that JSON is made and read once and on
// this side only.

/** A message ref. */
export interface Place {
  readonly channel: ChannelKey;
  readonly message: string;
}

export interface PlannedRow extends Place {
  readonly lane: ChannelKey;
  readonly kind: Planned["kind"];
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

export interface AcceptanceRow extends Pick<Acceptance, "channel" | "eventId" | "cursor"> {
  readonly deliveries: readonly PlannedRow[];
  readonly message?: Place & Pick<NonNullable<Acceptance["message"]>, "authorId" | "author" | "hash">;
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

export interface CopyRow extends Place {
  readonly part: number;
  readonly handle: string;
  readonly key: Key;
}

export type StepRow = (CopyRow & { readonly type: "copy" }) | Exclude<Step, { type: "copy" }>;

export interface TargetRow extends Place {
  readonly handle?: string;
  readonly author?: string;
}

export function placeOf(ref: MessageRef): Place {
  return { channel: channelKey(ref), message: ref.message };
}

export function refOf({ channel, message }: Place): MessageRef {
  return messageRef(parseChannel(channel), message);
}

/** The row with its place as a ref. */
export function withRef<Row extends Place>(row: Row): Omit<Row, keyof Place> & { readonly ref: MessageRef } {
  const { channel, message, ...rest } = row;
  return { ...rest, ref: refOf(row) };
}

export function acceptanceRow({ channel, eventId, cursor, deliveries, message }: Acceptance): AcceptanceRow {
  return {
    channel,
    eventId,
    deliveries: deliveries.map(plannedRow),
    ...(cursor === undefined ? {} : { cursor }),
    ...(message && { message: { ...message, ...placeOf(message.ref) } }),
  };
}

function plannedRow({ saying, ...body }: Planned): PlannedRow {
  return {
    lane: body.lane,
    kind: body.kind,
    ...placeOf(body.source),
    body: JSON.stringify(body),
    saying: saying ? JSON.stringify(saying) : null,
  };
}

export function stepRow(step: Step): StepRow {
  if (step.type !== "copy") return step;
  const { part, copy, key } = step;
  return { type: "copy", part, ...placeOf(copy.ref), handle: copy.handle, key };
}

export function deliveryOf({ body, saying, parkedOut, ...row }: DeliveryRow): Delivery {
  const planned: Planned = JSON.parse(body);
  return {
    ...planned,
    ...(saying === null ? {} : { saying: JSON.parse(saying) }),
    ...row,
    parkedOut: parkedOut !== 0,
  };
}

/** What an acceptance came to: the deliveries begun are the caller's own, and did not cross back. */
export function acceptedOf({ deliveries }: Acceptance, { fresh, at, fates }: AcceptedRow): Accepted {
  const placed = fates.flatMap(([id, fate], index) => {
    const planned = deliveries[index];
    return planned
      ? [{ fate, delivery: { ...planned, id, acceptedAt: at, part: 0, attempts: 0, parkedOut: false } }]
      : [];
  });
  return {
    fresh,
    begun: placed.filter(({ fate }) => fate === "begun").map(({ delivery }) => delivery),
    lanes: placed.filter(({ fate }) => fate !== "gone").map(({ delivery }) => delivery.lane),
    folded: placed.filter(({ fate }) => fate === "folded" || fate === "gone").length,
  };
}
