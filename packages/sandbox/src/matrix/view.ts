import type { Content, MatrixEvent, Stored } from "./event.ts";
import type { Room } from "./room.ts";
import type { Caller } from "./sessions.ts";

/** Names a caller's session: only it is shown the transaction ids of what it sent. */
export function sessionOf({ account, device }: Caller): string {
  return `${account.id} ${device ?? ""}`;
}

/** An event as a client is shown it: its age, its latest edit, and the transaction id to whoever sent it. */
export function view(room: Room, stored: Stored, caller?: Caller): MatrixEvent {
  const { event, sent } = stored;
  const unsigned: Record<string, unknown> = { ...event.unsigned, age: Date.now() - event.origin_server_ts };
  if (sent && caller && sent.session === sessionOf(caller)) unsigned["transaction_id"] = sent.transactionId;
  const edit = room.latestEdit(stored);
  if (edit) unsigned["m.relations"] = { "m.replace": edit.event };
  return { ...event, unsigned };
}

/** What is shown of a room's state to somebody who is invited or asks before joining. */
export function strippedState(room: Room, user: string): Content[] {
  const shown = ["m.room.create", "m.room.name", "m.room.join_rules", "m.room.canonical_alias", "m.room.encryption"];
  const events = shown.map(type => room.stateEvent(type)).concat(room.stateEvent("m.room.member", user));
  return events
    .filter(stored => stored !== undefined)
    .map(({ event: { type, sender, content, state_key } }) => ({ type, sender, content, state_key }));
}
