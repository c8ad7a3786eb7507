import type { ChannelKey } from "./model/ids.ts";

/** Deliveries with a call that may have taken effect and whose outcome is not on disk. Times are monotonic. */
export class Unanswered {
  readonly #calls = new Map<string, { readonly lane: ChannelKey; readonly since: number }>();

  began(lane: ChannelKey, delivery: string, since: number): void {
    this.#calls.set(delivery, { lane, since });
  }

  /** Its outcome is on disk, or it certainly had none. */
  settled(delivery: string): void {
    this.#calls.delete(delivery);
  }

  since(delivery: string): number | undefined {
    return this.#calls.get(delivery)?.since;
  }

  /** True where a message on the lane's channel that the map lacks may be a copy of ours. */
  on(lane: ChannelKey): boolean {
    for (const call of this.#calls.values()) if (call.lane === lane) return true;
    return false;
  }

  forget(lane: ChannelKey): void {
    for (const [delivery, call] of this.#calls) if (call.lane === lane) this.#calls.delete(delivery);
  }
}
