import { beforeEach, expect, test } from "vitest";
import { Ledger } from "./ledger.ts";
import type { Place, Said } from "./place.ts";

/** A place where a test writes what it likes. */
function blankPlace(name: string, canEdit = true): Place & { lines: Said[] } {
  const lines: Said[] = [];
  return {
    name,
    canEdit,
    lines,
    people: [{ id: "ann", name: "Ann" }],
    said: () => lines,
    say: async (author, text) => {
      lines.push({ id: `${lines.length}`, author, relayed: false, text, edited: false, at: 0 });
      return `${lines.length - 1}`;
    },
    edit: async () => {},
    remove: async () => {},
    watch: () => () => {},
  };
}

const copy = (text: string): Said => ({ id: "copy", author: "Ann", relayed: true, text, edited: false, at: 0 });

let here: ReturnType<typeof blankPlace>;
let there: ReturnType<typeof blankPlace>;
let ledger: Ledger;

beforeEach(() => {
  here = blankPlace("here");
  there = blankPlace("there");
  ledger = new Ledger([here, there]);
});

test("what arrived once, edited and in order is fine", async () => {
  const one = await ledger.say(here, "ann", "one");
  const two = await ledger.say(here, "ann", "two");
  await ledger.edit(two, "zwei");
  there.lines.push(copy(one.text), copy(two.text));
  expect(ledger.audit()).toEqual({ expected: 3, relayed: 3, lost: 0, doubled: 0, outOfOrder: 0, faults: [] });
});

test("a missing copy, edit and delete are lost", async () => {
  await ledger.say(here, "ann", "never there");
  const old = await ledger.say(here, "ann", "old");
  const gone = await ledger.say(here, "ann", "gone");
  there.lines.push(copy(old.text), copy(gone.text));
  await ledger.edit(old, "new");
  await ledger.remove(gone);
  here.lines.pop();
  expect(ledger.audit()).toMatchObject({ expected: 4, relayed: 1, lost: 3, doubled: 0 });
});

test("a second copy and one that came back are doubled", async () => {
  const one = await ledger.say(here, "ann", "one");
  there.lines.push(copy(one.text), copy(one.text));
  here.lines.push(copy(one.text));
  expect(ledger.audit()).toMatchObject({ lost: 0, doubled: 2 });
});

test("a copy before one that was said earlier in the same place is out of order", async () => {
  const one = await ledger.say(here, "ann", "one");
  const two = await ledger.say(here, "ann", "two");
  there.lines.push(copy(two.text), copy(one.text));
  expect(ledger.audit()).toMatchObject({ lost: 0, outOfOrder: 1 });
});

test("where nothing can be edited, an edit is one further line and a delete is none", async () => {
  const irc = blankPlace("irc", false);
  const withIrc = new Ledger([here, irc]);
  const edited = await withIrc.say(here, "ann", "one");
  const removed = await withIrc.say(here, "ann", "two");
  irc.lines.push(copy(edited.text), copy(removed.text));
  await withIrc.edit(edited, "eins");
  irc.lines.push(copy(`* ${edited.text}`));
  await withIrc.remove(removed);
  here.lines.pop();
  expect(withIrc.audit()).toMatchObject({ expected: 2, relayed: 2, lost: 0, doubled: 0 });
});
