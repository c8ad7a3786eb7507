import type { Person, Said } from "../place.ts";

/** How a window is drawn. */
export type Look = "slack" | "discord" | "gitter" | "matrix" | "irc";

/** One place as the browser knows it. `said` is the end of what was said. */
export interface WindowView {
  /** The place's name; unique on the page. */
  readonly name: string;
  readonly look: Look;
  readonly title: string;
  readonly channel: string;
  readonly people: readonly Person[];
  readonly canEdit: boolean;
  readonly said: readonly Said[];
}

export type Change = "created" | "edited" | "deleted";

/** Where a message goes, and how it went: `ms` since it was said, `seen` where only its text was seen there. */
export interface Stop {
  readonly place: string;
  readonly state: "waiting" | "delivered" | "seen" | "failed";
  readonly ms?: number;
  readonly why?: string;
}

/** The way of the last message; milliseconds since it was said, or planned where nobody knows when it was said. */
export interface Journey {
  readonly change: Change;
  readonly place: string;
  readonly author: string;
  readonly text: string;
  readonly plannedMs?: number;
  readonly acceptedMs?: number;
  readonly stops: readonly Stop[];
}

/** What the live stream carries: everything once, then what changes. */
export type LiveEvent =
  | { readonly type: "windows"; readonly windows: readonly WindowView[] }
  | { readonly type: "said"; readonly name: string; readonly said: readonly Said[] }
  | { readonly type: "journey"; readonly journey: Journey };
