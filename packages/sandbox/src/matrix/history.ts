import { type Content, isRecord, type Stored } from "./event.ts";
import { positionOf, tokenAfter } from "./ids.ts";
import { forbidden, invalid, notFound } from "./matrix-error.ts";
import type { Room } from "./room.ts";
import type { Caller } from "./sessions.ts";
import { wants } from "./sync.ts";
import { view } from "./view.ts";

const maxLimit = 1000;

/** GET /messages: a page of the timeline in either direction. `end` is left out where the history ends. */
export function messages(room: Room, caller: Caller, query: URLSearchParams): Content {
  const user = caller.account.id;
  if (!room.hasBeenIn(user)) throw forbidden(`User ${user} not in room ${room.id}, and room previews are disabled`);
  const backward = query.get("dir") !== "f";
  const from = tokenFrom(query, "from") ?? (backward ? room.lastPosition : 0);
  const to = tokenFrom(query, "to") ?? (backward ? 0 : Number.POSITIVE_INFINITY);
  const limit = Math.min(Number(query.get("limit") ?? 10), maxLimit);
  const filter: unknown = JSON.parse(query.get("filter") ?? "{}");
  const accept = (stored: Stored) =>
    room.canSee(user, stored.position) && (!isRecord(filter) || wants(filter, stored.event));

  const chunk: Stored[] = [];
  const step = backward ? -1 : 1;
  let index = room.indexAfter(from) - (backward ? 1 : 0);
  let more = false;
  for (; ; index += step) {
    const stored = room.timeline[index];
    if (!stored || (backward ? stored.position <= to : stored.position > to)) break;
    if (!accept(stored)) continue;
    more = chunk.length === limit;
    if (more) break;
    chunk.push(stored);
  }
  const last = chunk.at(-1)?.position;
  // Forward, the token behind the last event is given even if nothing follows yet, as Synapse does.
  const end = last !== undefined && (more || !backward) ? tokenAfter(backward ? last - 1 : last) : undefined;
  return {
    start: tokenAfter(from),
    ...(end === undefined ? {} : { end }),
    chunk: chunk.map(stored => view(room, stored, caller)),
    state: [],
  };
}

/** GET /context: an event with its neighbours; with `limit=0` just the tokens before and behind it. */
export function context(room: Room, caller: Caller, eventId: string, query: URLSearchParams): Content {
  const stored = visible(room, caller, eventId);
  const limit = Number(query.get("limit") ?? 10);
  const index = room.indexAfter(stored.position) - 1;
  const sees = ({ position }: Stored) => room.canSee(caller.account.id, position);
  const before = room.timeline.slice(Math.max(0, index - Math.ceil(limit / 2)), index).filter(sees);
  const after = room.timeline.slice(index + 1, index + 1 + Math.floor(limit / 2)).filter(sees);
  const show = (one: Stored) => view(room, one, caller);
  return {
    event: show(stored),
    events_before: before.map(show).reverse(),
    events_after: after.map(show),
    start: tokenAfter((before[0] ?? stored).position - 1),
    end: tokenAfter((after.at(-1) ?? stored).position),
    state: room.allState().map(show),
  };
}

/** An event the caller may see, or M_NOT_FOUND. */
export function visible(room: Room, caller: Caller, eventId: string): Stored {
  const stored = room.find(eventId);
  if (!stored || !room.canSee(caller.account.id, stored.position)) throw notFound("Event not found.");
  return stored;
}

/** GET /relations: what relates to an event, newest first, in one page. */
export function relations(room: Room, caller: Caller, eventId: string, type?: string, eventType?: string): Content {
  visible(room, caller, eventId);
  const related = room.related(eventId, type).filter(({ event }) => !eventType || event.type === eventType);
  return { chunk: related.reverse().map(stored => view(room, stored, caller)) };
}

/** GET /timestamp_to_event: the first event at or behind a time (`dir=f`), or the last one at or before it. */
export function eventAt(room: Room, caller: Caller, query: URLSearchParams): Content {
  const ts = Number(query.get("ts"));
  const seen = room.timeline.filter(({ position }) => room.canSee(caller.account.id, position));
  const found =
    query.get("dir") === "b"
      ? seen.findLast(({ event }) => event.origin_server_ts <= ts)
      : seen.find(({ event }) => event.origin_server_ts >= ts);
  if (!found) throw notFound(`Unable to find event from ${ts}`);
  return { event_id: found.event.event_id, origin_server_ts: found.event.origin_server_ts };
}

function tokenFrom(query: URLSearchParams, name: string): number | undefined {
  const token = query.get(name);
  const position = token === null ? undefined : positionOf(token);
  if (token !== null && position === undefined) throw invalid(`Invalid parameter: ${name}`);
  return position;
}
