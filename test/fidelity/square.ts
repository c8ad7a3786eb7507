import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stripMarks } from "@fanin/core";
import type { Person, Place, Said, Sandbox } from "@fanin/sandbox";
import { expect } from "vitest";
import { createTown } from "../../workers/src/demo/town.ts";
import { waitUntil } from "../real/wait-until.ts";
import { readPayloads } from "./payload.ts";

export const placeNames = ["slack", "discord", "gitter", "hub", "irc"] as const;
export type PlaceName = (typeof placeNames)[number];

/** Lines by place; what is not named is not looked at. */
export type Shown = Partial<Record<PlaceName, readonly string[]>>;

/** The five places with a relay between them, where people say things and others read them. */
export interface Square {
  readonly sandbox: Sandbox;
  place(name: PlaceName): Place;
  /** The first person of a place. */
  person(name: PlaceName): Person;
  /** The first person of a place says it; resolves to its id. From here on lines are new. */
  say(from: PlaceName, text: string, options?: { readonly replyTo?: string }): Promise<string>;
  /** Lines from here on are new. */
  mark(): void;
  /** The new lines of a place, oldest first. */
  fresh(name: PlaceName): readonly Said[];
  /** Resolves once the new lines of each place are these. */
  shows(expected: Shown): Promise<void>;
  /** Resolves once a place has a new line. */
  arrived(name: PlaceName): Promise<void>;
  /** What reached a network, without marks: the newest `count` messages, oldest first. */
  payloads(name: PlaceName, count: number): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openSquare(): Promise<Square> {
  const folder = await mkdtemp(join(tmpdir(), "fanin-fidelity-"));
  const town = await createTown({ store: join(folder, "fanin.db"), rateScale: 1000 });
  const { sandbox } = town;
  await town.relay.start(town.rooms);
  const known = new Map<string, number>();
  const place = (name: PlaceName): Place => {
    const found = sandbox.places.find(each => each.name === name);
    if (!found) throw new Error(`there is no place ${name}`);
    return found;
  };
  const person = (name: PlaceName): Person => {
    const [first] = place(name).people;
    if (!first) throw new Error(`nobody is in ${name}`);
    return first;
  };
  const fresh = (name: PlaceName) =>
    place(name)
      .said()
      .slice(known.get(name) ?? 0);
  const mark = () => {
    for (const name of placeNames) known.set(name, place(name).said().length);
  };
  return {
    sandbox,
    place,
    person,
    mark,
    fresh,
    say(from, text, options) {
      mark();
      return place(from).say(person(from).id, text, options);
    },
    async shows(expected) {
      const shown = (): Shown =>
        Object.fromEntries(
          placeNames
            .filter(name => expected[name])
            .map(name => [name, fresh(name).map(({ text }) => stripMarks(text))]),
        );
      await waitUntil("what is shown", () => isDeepStrictEqual(shown(), expected), 15_000).catch(() => undefined);
      expect(shown()).toEqual(expected);
    },
    async arrived(name) {
      await waitUntil(`something new on ${name}`, () => fresh(name).length > 0);
    },
    payloads: async (name, count) => (await readPayloads(sandbox, name)).slice(-count),
    async close() {
      await town.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
