import { type Content, type MatrixEvent, relationOf, type Stored, stringAt } from "./event.ts";

/** A span of positions over which somebody was in the room. */
interface Stay {
  readonly from: number;
  to: number;
}

/** One room's timeline and what follows from it: current state, members, relations. It checks no permission. */
export class Room {
  readonly id: string;
  readonly timeline: Stored[] = [];
  readonly joined = new Set<string>();
  readonly #byId = new Map<string, Stored>();
  readonly #state = new Map<string, Stored>();
  readonly #related = new Map<string, Stored[]>();
  readonly #stays = new Map<string, Stay[]>();

  constructor(id: string) {
    this.id = id;
  }

  get lastPosition(): number {
    return this.timeline.at(-1)?.position ?? 0;
  }

  append(stored: Stored): void {
    const { event, position } = stored;
    this.timeline.push(stored);
    this.#byId.set(event.event_id, stored);
    if (event.state_key !== undefined) {
      this.#state.set(`${event.type}\n${event.state_key}`, stored);
      if (event.type === "m.room.member") this.#follow(event, event.state_key, position);
    }
    const relation = relationOf(event.content);
    if (relation) {
      const related = this.#related.get(relation.target);
      if (related) related.push(stored);
      else this.#related.set(relation.target, [stored]);
    }
  }

  #follow(event: MatrixEvent, user: string, position: number): void {
    const stays = this.#stays.get(user) ?? [];
    if (event.content["membership"] === "join") {
      if (!this.joined.has(user)) this.#stays.set(user, [...stays, { from: position, to: Number.POSITIVE_INFINITY }]);
      this.joined.add(user);
    } else if (this.joined.delete(user)) {
      const stay = stays.at(-1);
      if (stay) stay.to = position;
    }
  }

  find(eventId: string): Stored | undefined {
    return this.#byId.get(eventId);
  }

  stateEvent(type: string, key = ""): Stored | undefined {
    return this.#state.get(`${type}\n${key}`);
  }

  state(type: string, key = ""): Content | undefined {
    return this.stateEvent(type, key)?.event.content;
  }

  allState(): Stored[] {
    return [...this.#state.values()];
  }

  membership(user: string): string {
    return stringAt(this.state("m.room.member", user), "membership") ?? "leave";
  }

  /** Since room version 12 creators have infinite power and stand in no list. */
  isCreator(user: string): boolean {
    const create = this.stateEvent("m.room.create")?.event;
    const more = create?.content["additional_creators"];
    return create?.sender === user || (Array.isArray(more) && more.includes(user));
  }

  /** What relates to an event, oldest first, redacted ones left out. */
  related(eventId: string, type?: string): Stored[] {
    const related = this.#related.get(eventId) ?? [];
    return related.filter(({ event, redacted }) => !redacted && (!type || relationOf(event.content)?.type === type));
  }

  /** The edit that counts: same sender and type as the original, highest timestamp; nothing that is an edit itself. */
  latestEdit(original: Stored): Stored | undefined {
    if (original.redacted || !this.#related.has(original.event.event_id)) return undefined;
    if (relationOf(original.event.content)?.type === "m.replace") return undefined;
    let latest: Stored | undefined;
    for (const edit of this.related(original.event.event_id, "m.replace")) {
      const { event } = edit;
      if (event.sender !== original.event.sender || event.type !== original.event.type) continue;
      if (!latest || event.origin_server_ts >= latest.event.origin_server_ts) latest = edit;
    }
    return latest;
  }

  /** Index in the timeline of the first event behind `position`. */
  indexAfter(position: number): number {
    let low = 0;
    let high = this.timeline.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.timeline[middle]?.position ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  hasBeenIn(user: string): boolean {
    return this.#stays.has(user);
  }

  /** Whether history visibility lets `user` see what stood at `position`. */
  canSee(user: string, position: number): boolean {
    const stays = this.#stays.get(user);
    if (!stays) return false;
    const visibility = stringAt(this.state("m.room.history_visibility"), "history_visibility") ?? "shared";
    if (visibility === "shared" || visibility === "world_readable") return position <= (stays.at(-1)?.to ?? 0);
    return stays.some(({ from, to }) => from <= position && position <= to);
  }

  /** Replaces an event by what redaction leaves of it (room version 11 and later). */
  redact(target: Stored, redaction: MatrixEvent): void {
    const { content, unsigned: _, ...rest } = target.event;
    const { membership } = content;
    target.event = {
      ...rest,
      content: rest.type === "m.room.member" ? { membership } : {},
      unsigned: { redacted_because: redaction },
    };
    target.redacted = true;
  }
}
