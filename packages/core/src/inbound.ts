import { hashOf } from "./hash.ts";
import { type Link, receiversOf } from "./link.ts";
import type { Machine } from "./machine.ts";
import { plainContent } from "./model/content.ts";
import type { RelayEvent } from "./model/event.ts";
import { type Cursor, messageRef } from "./model/ids.ts";
import type { Outbound } from "./outbound.ts";
import { plan, sayingOf, sourceOf } from "./plan.ts";
import type { Acceptance } from "./store.ts";

/** Held events under way to the store at once: their writes share one fsync. */
const WINDOW = 100;

/** An event's way in, from the adapter to the lanes. */
export class Inbound {
  readonly #machine: Machine;
  readonly #outbound: Outbound;

  constructor(machine: Machine, outbound: Outbound) {
    this.#machine = machine;
    this.#outbound = outbound;
  }

  /** A live event. Resolves once it is on disk, held until the gap before it is read, or of no concern. */
  async live(link: Link, event: RelayEvent): Promise<void> {
    const { gap, key } = link;
    if (typeof gap === "object") {
      const { promise, resolve } = Promise.withResolvers<void>();
      gap.push(() => resolve(this.live(link, event)));
      return promise;
    }
    if (link.state !== "active" || !key) return;
    if (this.#isOurs(link, event)) return this.#outbound.sawOwn(link, event);
    if (gap === "open") await this.#machine.store.hold(key, event);
    else await this.#accept(link, event, undefined);
  }

  /** An event read from history. With a cursor everything up to it is kept, and the channel's moves there. */
  async read(link: Link, event: RelayEvent, cursor?: Cursor): Promise<void> {
    const { key } = link;
    if (!key) return;
    const isOurs = this.#isOurs(link, event);
    if (isOurs) await this.#outbound.sawOwn(link, event);
    const reached = cursor && !this.#outbound.isHealing(key) ? cursor : undefined;
    if (!isOurs) await this.#accept(link, event, reached);
    else if (reached) await this.#machine.store.setCursor(key, reached);
  }

  /** Hands on what was held while a gap was read, in its order. */
  async release(link: Link): Promise<void> {
    const { key, room } = link;
    if (!key || !room.id) return;
    const { store } = this.#machine;
    for (let held = await store.held(key, WINDOW); held.length > 0; held = await store.held(key, WINDOW)) {
      await Promise.all(held.map(event => this.#accept(link, event, undefined)));
    }
  }

  /** The relay's own words to everybody in the room but `link`. The id makes it once. */
  async announce(link: Link, id: string, text: string): Promise<void> {
    const { key, ref, room } = link;
    if (!key || !ref || !room.id) return;
    const source = messageRef(ref, `notice:${id}`);
    const saying = { content: plainContent(text), files: [] };
    const deliveries = receiversOf(link).map(({ lane }) => ({ lane, kind: "notice" as const, source, saying }));
    const { store } = this.#machine;
    this.#outbound.accepted(await store.accept({ room: room.id, channel: key, eventId: `notice:${id}`, deliveries }));
  }

  async #accept(link: Link, event: RelayEvent, cursor: Cursor | undefined): Promise<void> {
    const { key, room } = link;
    if (!key || !room.id) return;
    const { clock, store, tell } = this.#machine;
    const planned = plan(event, receiversOf(link));
    const about = { source: sourceOf(event), event: event.type } as const;
    const targets = planned.deliveries.map(({ lane }) => lane);
    if (tell.watched) tell({ type: "planned", ...about, targets, at: clock.now() });
    const accepted = await store.accept({
      room: room.id,
      channel: key,
      eventId: event.id,
      deliveries: planned.deliveries,
      ...(cursor ? { cursor } : {}),
      ...this.#mapEntry(event),
    });
    if (!accepted.fresh) return;
    if (tell.watched) tell({ type: "accepted", ...about, targets, at: clock.now() });
    for (const lane of planned.dropped) {
      tell({
        type: "dropped",
        ...about,
        lane,
        reason: `the network cannot show ${event.type} messages`,
        at: clock.now(),
      });
    }
    this.#outbound.accepted(accepted);
  }

  #mapEntry(event: RelayEvent): Pick<Acceptance, "message"> {
    const saying = sayingOf(event);
    if (!saying || event.type === "deleted") return {};
    const author = event.type === "created" ? event.message.author : event.author;
    const hash = hashOf(this.#machine.secret, saying);
    return { message: { ref: sourceOf(event), authorId: author.id, author: author.name, hash } };
  }

  /** Guard, first layer: what any instance of ours ever wrote, known by the ids it was written as. */
  #isOurs(link: Link, event: RelayEvent): boolean {
    if (event.type === "deleted") return this.#outbound.isRemoving(event.ref); // a delete names no author
    const { own } = link.network;
    const author = event.type === "created" ? event.message.author : event.author;
    return own.has(author.id) || (author.via?.some(id => own.has(id)) ?? false);
  }
}
