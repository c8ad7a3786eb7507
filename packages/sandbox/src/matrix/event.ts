/** What an event says; shapes are read with the functions below, never assumed. */
export type Content = Readonly<Record<string, unknown>>;

/** An event as the client-server API shows it. */
export interface MatrixEvent {
  readonly type: string;
  readonly event_id: string;
  readonly room_id: string;
  readonly sender: string;
  readonly origin_server_ts: number;
  readonly content: Content;
  readonly state_key?: string;
  readonly redacts?: string;
  readonly unsigned?: Content;
}

/** An event as the server keeps it. `position` grows by one with every event of the server. */
export interface Stored {
  readonly position: number;
  /** Replaced as a whole when the event is redacted. */
  event: MatrixEvent;
  redacted: boolean;
  /** Who sent it under which transaction id; shown to that session alone. */
  readonly sent?: { readonly session: string; readonly transactionId: string };
}

export function isRecord(value: unknown): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under `key`, or an empty one. */
export function recordAt(content: Content | undefined, key: string): Content {
  const value = content?.[key];
  return isRecord(value) ? value : {};
}

export function stringAt(content: Content | undefined, key: string): string | undefined {
  const value = content?.[key];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(content: Content | undefined, key: string): number | undefined {
  const value = content?.[key];
  return typeof value === "number" ? value : undefined;
}

/** The event that `content` relates to and how: an edit, a thread, a reaction. */
export function relationOf(content: Content): { readonly type: string; readonly target: string } | undefined {
  const relation = recordAt(content, "m.relates_to");
  const type = stringAt(relation, "rel_type");
  const target = stringAt(relation, "event_id");
  return type !== undefined && target !== undefined ? { type, target } : undefined;
}
