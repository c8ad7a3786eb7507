import type { Place, Said } from "./place.ts";

/** Something that was said through the ledger, as it should stand now. */
export interface Entry {
  readonly place: Place;
  readonly person: string;
  readonly id: string;
  /** Stands in every version of the text, and in no other text. */
  readonly tag: string;
  text: string;
  edits: number;
  removed: boolean;
}

/** What became of the entries, counted from what the places hold. */
export interface Audit {
  /** What should be seen: each creation, edit and delete, once per other place that can show it. */
  readonly expected: number;
  readonly relayed: number;
  /** A missing copy, an edit or a delete that did not follow. */
  readonly lost: number;
  /** A second copy, or a copy back where it was said. */
  readonly doubled: number;
  /** Copies that stand before one that was said earlier in the same place. */
  readonly outOfOrder: number;
  /** What is wrong, one line each. */
  readonly faults: readonly string[];
}

/** Speaks through places and afterwards says whether each place shows what it should: an oracle that asks no relay. */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  async say(place: Place, person: string, text: string, replyTo?: Entry): Promise<Entry> {
    const tag = `(${this.entries.length + 1})`;
    const entry: Entry = { place, person, id: "", tag, text: `${text} ${tag}`, edits: 0, removed: false };
    this.entries.push(entry);
    const target = replyTo && idOn(place, replyTo);
    const id = await place.say(person, entry.text, target === undefined ? {} : { replyTo: target });
    return Object.assign(entry, { id });
  }

  async edit(entry: Entry, text: string): Promise<void> {
    entry.text = `${text} ${entry.tag}`;
    entry.edits += 1;
    await entry.place.edit(entry.person, entry.id, entry.text);
  }

  async remove(entry: Entry): Promise<void> {
    entry.removed = true;
    await entry.place.remove(entry.person, entry.id);
  }

  audit(): Audit {
    const audit = { expected: 0, relayed: 0, lost: 0, doubled: 0, outOfOrder: 0, faults: [] as string[] };
    for (const place of this.#places) {
      const said = place.said();
      const last = new Map<Place, number>();
      for (const entry of this.entries) {
        const found = said.flatMap((line, at) => (line.text.includes(entry.tag) ? [at] : []));
        if (entry.place === place) this.#atHome(audit, entry, found.length);
        else this.#abroad(audit, place, entry, said, found, last);
      }
    }
    return audit;
  }

  #atHome(audit: Counts, entry: Entry, count: number): void {
    const echoes = count - (entry.removed && entry.place.canEdit ? 0 : 1);
    if (echoes <= 0) return;
    audit.doubled += echoes;
    audit.faults.push(`${entry.tag} came back to ${entry.place.name}`);
  }

  #abroad(
    audit: Counts,
    place: Place,
    entry: Entry,
    said: readonly Said[],
    found: number[],
    last: Map<Place, number>,
  ): void {
    const expect = (isThere: boolean, what: string): void => {
      audit.expected += 1;
      audit[isThere ? "relayed" : "lost"] += 1;
      if (!isThere) audit.faults.push(`${what} of ${entry.tag} from ${entry.place.name} is not on ${place.name}`);
    };
    const [first] = found;
    if (entry.removed && place.canEdit) {
      expect(first === undefined, "the delete");
      return;
    }
    expect(first !== undefined, "the creation");
    if (entry.edits > 0 && place.canEdit) {
      expect(first !== undefined && said[first]?.text.includes(entry.text) === true, "the edit");
    }
    if (first === undefined) return;
    // Where an edit is one further line, that line may name the entry again.
    const surplus = found.length - 1 - (place.canEdit ? 0 : entry.edits);
    if (surplus > 0) {
      audit.doubled += surplus;
      audit.faults.push(`${entry.tag} from ${entry.place.name} stands ${found.length} times on ${place.name}`);
    }
    if (first < (last.get(entry.place) ?? -1)) {
      audit.outOfOrder += 1;
      audit.faults.push(`${entry.tag} from ${entry.place.name} stands too early on ${place.name}`);
    } else last.set(entry.place, first);
  }
}

type Counts = { -readonly [Name in keyof Omit<Audit, "faults">]: number } & { readonly faults: string[] };

/** The entry's message as it stands in the place, for a reply to it. */
function idOn(place: Place, entry: Entry): string | undefined {
  if (entry.place === place) return entry.id;
  return place.said().find(({ text }) => text.includes(entry.tag))?.id;
}
