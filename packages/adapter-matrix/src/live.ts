import type { Finding, Inbox } from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { banned, encrypted, kicked, left, upgraded } from "./findings.ts";
import { MatrixEvent, MemberContent } from "./payload.ts";
import type { Reader } from "./reader.ts";
import { membershipOf } from "./room-check.ts";

/** Hands what a homeserver delivers to the relay, whichever way it came. */
export class Live {
  readonly #account: Account;
  readonly #reader: Reader;
  readonly #inbox: Inbox;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(account: Account, reader: Reader, inbox: Inbox) {
    this.#account = account;
    this.#reader = reader;
    this.#inbox = inbox;
  }

  /**
   * Takes events in their order, after those of earlier calls. Resolves once all of them are kept; rejects if one could
   * not be. What is no event, or not understood, is passed over. `room` where the events do not name theirs.
   */
  async take(events: readonly unknown[], room?: string): Promise<void> {
    const accepting: Promise<void>[] = [];
    const read = this.#reading.then(() => this.#readAll(events, room, accepting));
    this.#reading = read.catch(() => undefined);
    const [outcome] = await Promise.allSettled([read]);
    const failed = [outcome, ...(await Promise.allSettled(accepting))].find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  async #readAll(events: readonly unknown[], within: string | undefined, accepting: Promise<void>[]): Promise<void> {
    for (const raw of events) {
      const event = MatrixEvent.safeParse(raw).data;
      const room = within ?? event?.room_id;
      if (!event || !room) continue;
      if (event.state_key !== undefined) {
        this.#reader.learn(room, event, "now");
        await this.#watch(room, event, event.state_key);
        continue;
      }
      const relayEvent = await this.#reader.read(room, event);
      if (!relayEvent) continue;
      const accepted = this.#inbox.accept(relayEvent);
      // Awaited with the others; until then its failure is not unheard of.
      accepted.catch(() => undefined);
      accepting.push(accepted);
    }
  }

  async #watch(room: string, event: MatrixEvent, stateKey: string): Promise<void> {
    const finding = await this.#lossIn(room, event, stateKey);
    if (finding) this.#inbox.lost(this.#reader.channel(room), finding);
  }

  async #lossIn(room: string, event: MatrixEvent, stateKey: string): Promise<Finding | undefined> {
    const channel = this.#reader.channel(room);
    if (event.type === "m.room.encryption" && stateKey === "") return encrypted(channel);
    if (event.type === "m.room.tombstone" && stateKey === "") return upgraded(channel, successorIn(event));
    if (event.type !== "m.room.member" || stateKey !== (await this.#account.self())) return undefined;
    const membership = MemberContent.safeParse(event.content).data?.membership;
    if (membership !== "leave" && membership !== "ban") return undefined;
    // Deliveries may come long after: we may have been let in again since.
    const now = await membershipOf(this.#account, room).catch(() => undefined);
    if (now?.membership === "join") return undefined;
    if (membership === "ban") return banned(channel, event.sender);
    return event.sender === stateKey ? left(channel) : kicked(channel, event.sender);
  }
}

const Tombstone = z.object({ replacement_room: z.string() });

function successorIn(event: MatrixEvent): string | undefined {
  return Tombstone.safeParse(event.content).data?.replacement_room;
}
