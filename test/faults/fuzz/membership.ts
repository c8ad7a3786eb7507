import type { Clock } from "@fanin/core";
import { movable, rooted } from "./places.ts";

interface Stay {
  readonly room: string;
  /** Since when everybody there surely reaches it and hears it. */
  reachedFrom?: number;
  to?: number;
}

/** Which channels were in which room, and when: as configured, and as the relay says. */
export class Membership {
  readonly #clock: Clock;
  readonly #stays = new Map<string, Stay[]>(movable.map(key => [key, []]));
  readonly #active = new Set<string>();
  readonly #changes = new Set<object>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The rooms that channels go to; call the result when that is done. */
  changing(wanted: ReadonlyMap<string, string | undefined>): () => void {
    const change = {};
    this.#changes.add(change);
    for (const [key, room] of wanted) {
      const stays = this.#stays.get(key) ?? [];
      const last = stays.at(-1);
      if (last && last.to === undefined && last.room === room) continue;
      this.leave(key);
      if (room) stays.push({ room });
    }
    return () => {
      if (!this.#changes.delete(change)) return;
      for (const key of this.#active) this.#reach(key);
    };
  }

  /** What was changed by a relay that is gone is as configured for the next one. */
  restarted(): void {
    this.#changes.clear();
    this.#active.clear();
  }

  isActive(key: string): boolean {
    return this.#active.has(key);
  }

  /** It may be off from now on. */
  leave(key: string): void {
    this.#active.delete(key);
    const last = this.#stays.get(key)?.at(-1);
    if (last) last.to ??= this.#clock.now();
  }

  linkIs(key: string, roomName: string, state: string): void {
    const stays = this.#stays.get(key);
    if (!stays) return;
    if (state !== "active") {
      this.leave(key);
      return;
    }
    const [room = ""] = roomName.split(" ");
    if (this.#changes.size === 0 && stays.at(-1)?.to !== undefined) stays.push({ room });
    if (stays.at(-1)?.room === room) this.#active.add(key);
    this.#reach(key);
  }

  /** In this room at some time since. */
  wasIn(key: string, room: string, since: number): boolean {
    if (rooted.get(room)?.includes(key)) return true;
    return this.#of(key, room).some(({ to }) => to === undefined || to >= since - GRACE_MS);
  }

  /** In this room all the time since. */
  isIn(key: string, room: string, since: number): boolean {
    if (rooted.get(room)?.includes(key)) return true;
    return this.#of(key, room).some(
      ({ reachedFrom, to }) => to === undefined && reachedFrom !== undefined && reachedFrom < since,
    );
  }

  #of(key: string, room: string): Stay[] {
    return (this.#stays.get(key) ?? []).filter(stay => stay.room === room);
  }

  #reach(key: string): void {
    const last = this.#stays.get(key)?.at(-1);
    if (last && this.#changes.size === 0 && this.#active.has(key)) last.reachedFrom ??= this.#clock.now();
  }
}

/** A change takes a while until the relay has made it. */
const GRACE_MS = 60_000;
