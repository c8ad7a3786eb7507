import type { Account, Membership } from "./account.ts";
import { type Content, type MatrixEvent, numberAt, recordAt, type Stored } from "./event.ts";
import { tokenAfter } from "./ids.ts";
import type { Room } from "./room.ts";
import type { Caller } from "./sessions.ts";
import { strippedState, view } from "./view.ts";

export interface SyncRequest {
  readonly caller: Caller;
  /** Position of the client's last sync; the first one has none. */
  readonly since: number | undefined;
  /** Position of the server now. */
  readonly now: number;
  readonly filter: Content;
  /** Undercuts the filter's own limit. */
  readonly timelineLimit: number | undefined;
}

export interface SyncResponse {
  readonly next_batch: string;
  readonly account_data: { readonly events: Content[] };
  readonly rooms: Record<"join" | "invite" | "leave", Record<string, Content>>;
}

/** The answer of GET /sync as it stands; see `hasNews` for whether it may be given yet. */
export function buildSync(request: SyncRequest): SyncResponse {
  const { caller, since, now, filter } = request;
  const rooms: SyncResponse["rooms"] = { join: {}, invite: {}, leave: {} };
  const wanted = recordAt(filter, "room")["rooms"];
  for (const [id, stay] of caller.account.rooms) {
    if (Array.isArray(wanted) && !wanted.includes(id)) continue;
    const entered = since === undefined || stay.since > since;
    if (stay.membership === "join") {
      const data = accountData(caller.account, since, id);
      if (!entered && stay.room.lastPosition <= since && data.length === 0) continue;
      rooms.join[id] = roomNews(request, stay, entered ? undefined : since, data);
    } else if (stay.membership === "invite") {
      if (entered) rooms.invite[id] = { invite_state: { events: strippedState(stay.room, caller.account.id) } };
    } else if (since !== undefined && entered) {
      rooms.leave[id] = roomNews(request, stay, since, []);
    }
  }
  return { next_batch: tokenAfter(now), account_data: { events: accountData(caller.account, since, "") }, rooms };
}

export function hasNews({ rooms, account_data }: SyncResponse): boolean {
  return Object.values(rooms).some(news => Object.keys(news).length > 0) || account_data.events.length > 0;
}

function accountData(account: Account, since: number | undefined, room: string): Content[] {
  const events: Content[] = [];
  for (const [key, { position, content }] of account.data) {
    const [keyRoom, type] = key.split("\n");
    if (keyRoom === room && position > (since ?? 0)) events.push({ type, content });
  }
  return events;
}

function roomNews(request: SyncRequest, stay: Membership, since: number | undefined, data: Content[]): Content {
  const { room } = stay;
  const { caller } = request;
  const { events, limited } = latest(request, room, since ?? 0);
  const start = events[0]?.position ?? room.lastPosition + 1;
  const state = room.allState().filter(({ position }) => position > (since ?? 0) && position < start);
  const left = stay.membership !== "join";
  return {
    state: { events: left ? [] : state.map(stored => withoutRoom(view(room, stored, caller))) },
    timeline: {
      events: events.map(stored => withoutRoom(view(room, stored, caller))),
      limited,
      prev_batch: tokenAfter(start - 1),
    },
    ephemeral: { events: [] },
    account_data: { events: data },
    summary: { "m.joined_member_count": room.joined.size },
    unread_notifications: { notification_count: 0, highlight_count: 0 },
  };
}

/** The last events behind `since` that the caller sees and asked for, oldest first, and whether there are more. */
function latest(
  request: SyncRequest,
  room: Room,
  since: number,
): { readonly events: Stored[]; readonly limited: boolean } {
  const filter = recordAt(recordAt(request.filter, "room"), "timeline");
  const limit = Math.min(numberAt(filter, "limit") ?? 10, request.timelineLimit ?? Number.POSITIVE_INFINITY);
  const events: Stored[] = [];
  for (let index = room.timeline.length - 1; index >= 0; index -= 1) {
    const stored = room.timeline[index];
    if (!stored || stored.position <= since) break;
    if (!room.canSee(request.caller.account.id, stored.position) || !wants(filter, stored.event)) continue;
    if (events.length === limit) return { events: events.reverse(), limited: true };
    events.push(stored);
  }
  return { events: events.reverse(), limited: false };
}

/** Whether an event filter lets an event through; `*` at the end of a type stands for anything. */
export function wants(filter: Content, event: MatrixEvent): boolean {
  const matches = (list: unknown, value: string): boolean =>
    Array.isArray(list) &&
    list.some(
      one => one === value || (typeof one === "string" && one.endsWith("*") && value.startsWith(one.slice(0, -1))),
    );
  if (Array.isArray(filter["types"]) && !matches(filter["types"], event.type)) return false;
  if (Array.isArray(filter["senders"]) && !matches(filter["senders"], event.sender)) return false;
  return !matches(filter["not_types"], event.type) && !matches(filter["not_senders"], event.sender);
}

function withoutRoom(event: MatrixEvent): Content {
  return { ...event, room_id: undefined };
}
