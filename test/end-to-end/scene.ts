import type { Adapter, LinkSpec } from "@fanin/core";
import { type Entry, Ledger, type Place } from "@fanin/sandbox";
import { expect } from "vitest";
import { waitUntil } from "../real/wait-until.ts";
import type { RealPlace } from "./real-place.ts";
import { createRunningRelay, type RunningRelay } from "./running-relay.ts";
import { type Spokes, startSpokes } from "./spokes.ts";

/** A room whose hub is on a real homeserver, with a relay in it, and the ledger of what is said there. */
export interface Scene {
  readonly spokes: Spokes;
  /** All that the room joins, stand-ins first. */
  readonly places: readonly Place[];
  readonly relay: RunningRelay;
  readonly ledger: Ledger;
  /** Has the place's person say it; the ledger adds a number to the text. */
  say(place: Place, text: string, replyTo?: Entry): Promise<Entry>;
  /** Resolves when all that was said, edited and deleted has reached every place; fails where it came twice or out of order. */
  untilEverywhere(): Promise<void>;
  /** The one line of a place that shows this entry, as it was read last. */
  shown(entry: Entry, place: Place): ReturnType<Place["said"]>[number];
  end(): Promise<void>;
}

export interface SceneOptions {
  readonly hub: LinkSpec;
  /** Further links beside the stand-ins'. */
  readonly links?: readonly LinkSpec[];
  /** The hub's adapter and the further links', made anew for each relay. */
  readonly adapters: () => Record<string, Adapter>;
  readonly places: readonly RealPlace[];
}

/** Starts the stand-ins and the relay; resolves when every link is active. */
export async function openScene({ hub, links = [], adapters, places: realPlaces }: SceneOptions): Promise<Scene> {
  const spokes = await startSpokes();
  const room = { name: "ansible", hub, links: [...spokes.links, ...links] };
  const relay = await createRunningRelay(room, () => ({ ...spokes.adapters(), ...adapters() }));
  const places = [spokes.slack, spokes.discord, spokes.gitter, ...realPlaces];
  const ledger = new Ledger(places);
  const end = async (): Promise<void> => {
    await relay.end();
    await spokes.stop();
  };
  try {
    await relay.start();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    spokes,
    places,
    relay,
    ledger,
    end,
    say: (place, text, replyTo) => {
      const [person] = place.people;
      if (!person) throw new Error(`nobody speaks in ${place.name}`);
      return ledger.say(place, person.id, text, replyTo);
    },
    untilEverywhere: async () => {
      let audit = ledger.audit();
      await waitUntil(
        () => `everything is everywhere; ${audit.faults.join("; ")}; ${relay.troubles().join("; ")}`,
        async () => {
          await Promise.all(realPlaces.map(place => place.refresh()));
          audit = ledger.audit();
          return audit.lost === 0;
        },
        30_000,
      );
      expect(audit.faults).toEqual([]);
      await relay.untilIdle();
    },
    shown: (entry, place) => {
      const lines = place.said().filter(({ text }) => text.includes(entry.tag));
      expect(lines, `${entry.tag} on ${place.name}`).toHaveLength(1);
      const [line] = lines;
      if (!line) throw new Error("unreachable");
      return line;
    },
  };
}
