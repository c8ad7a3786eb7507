import type { Place, Said } from "../place.ts";
import type { Change, Journey, Stop } from "./wire.ts";

/** One step of a change on its way, told by whoever relays between the places. */
export interface Progress {
  readonly stage: "planned" | "accepted" | "delivered" | "failed";
  readonly change: Change;
  /** Where it was said: the place's name, and the message's id there. */
  readonly place: string;
  readonly message: string;
  /** Names of places: those it is for, or those that this step is about. */
  readonly targets: readonly string[];
  /** Of `failed`. */
  readonly why?: string;
  /** `performance.now()` of this process. */
  readonly at: number;
}

/** What somebody does on the page; known before anybody relays it. */
export interface Action {
  readonly change: Change;
  readonly place: string;
  readonly author: string;
  readonly text: string;
  readonly at: number;
}

type Draft = { -readonly [Key in keyof Journey]: Journey[Key] } & { at: number; message?: string; stops: Stop[] };

/** Enough of a text to know it by, also where a network cuts it into lines. */
const PROOF_LENGTH = 40;

/** Follows the last message from place to place. */
export class Follower {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #behind: ReadonlyMap<string, string>;
  readonly #changed: (journey: Journey) => void;
  #draft: Draft | undefined;

  /** `behind` names, for a place that nobody relays to, the place that a bridge joins it to. */
  constructor(
    places: ReadonlyMap<string, Place>,
    behind: ReadonlyMap<string, string>,
    changed: (journey: Journey) => void,
  ) {
    this.#places = places;
    this.#behind = behind;
    this.#changed = changed;
  }

  get journey(): Journey | undefined {
    return this.#draft;
  }

  acted(action: Action): void {
    this.#draft = { ...action, stops: this.#unseen(action) };
    this.#changed(this.#draft);
  }

  progressed(step: Progress): void {
    const draft = this.#of(step);
    if (!draft) return;
    const ms = step.at - draft.at;
    if (step.stage === "planned") {
      draft.plannedMs = ms;
      for (const place of step.targets) put(draft, { place, state: "waiting" });
    } else if (step.stage === "accepted") draft.acceptedMs = ms;
    else for (const place of step.targets) put(draft, { ...ended(step), place, ms });
    this.#changed(draft);
  }

  /** A place changed: a bridge may have brought the text to where no relay writes. */
  looked(place: string): void {
    const draft = this.#draft;
    const stop = draft?.stops.find(each => each.place === place);
    if (!draft || stop?.state !== "waiting" || !this.#isBridged(draft, place) || !this.#stands(place, draft.text))
      return;
    put(draft, { place, state: "seen", ms: performance.now() - draft.at });
    this.#changed(draft);
  }

  /** The journey that a step belongs to; a planned one begins another, or is what the last action led to. */
  #of(step: Progress): Draft | undefined {
    const draft = this.#draft;
    if (draft?.message === step.message && draft.change === step.change) return draft;
    if (step.stage !== "planned") return undefined;
    const isAwaited =
      draft !== undefined &&
      draft.message === undefined &&
      draft.change === step.change &&
      this.#speaksFor(step.place, draft.place);
    const { change, place, message, at } = step;
    const said = this.#places
      .get(place)
      ?.said()
      .find(({ id }) => id === message);
    if (isAwaited) return Object.assign(draft, { message, text: said?.text ?? draft.text });
    const begun = { change, place, message, at, author: said?.author ?? "", text: said?.text ?? "" };
    this.#draft = { ...begun, stops: this.#unseen(begun) };
    return this.#draft;
  }

  #speaksFor(place: string, said: string): boolean {
    return place === said || place === this.#behind.get(said);
  }

  /** Where a bridge, and no relay, brings it. */
  #unseen({ place, change, text }: Pick<Journey, "place" | "change" | "text">): Stop[] {
    if (change !== "created" || text === "") return []; // bridges tell an edit in other words
    return [...this.#places.keys()]
      .filter(name => name !== place && this.#isBridged({ place }, name) && !this.#stands(name, text))
      .map(name => ({ place: name, state: "waiting" }));
  }

  #isBridged(journey: Pick<Journey, "place">, place: string): boolean {
    return this.#behind.has(place) || this.#behind.get(journey.place) === place;
  }

  #stands(place: string, text: string): boolean {
    const proof = text.split("\n", 1)[0]?.slice(0, PROOF_LENGTH) ?? "";
    const holds = (said: Said): boolean => said.text.includes(proof);
    return this.#places.get(place)?.said().slice(-5).some(holds) ?? false;
  }
}

function ended(step: Progress): Pick<Stop, "state" | "why"> {
  if (step.stage === "delivered") return { state: "delivered" };
  return { state: "failed", ...(step.why !== undefined && { why: step.why }) };
}

function put(draft: Draft, stop: Stop): void {
  const at = draft.stops.findIndex(({ place }) => place === stop.place);
  if (at === -1) draft.stops.push(stop);
  else draft.stops[at] = stop;
}
