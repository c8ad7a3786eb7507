import { type Entry, Ledger, type Place } from "@fanin/sandbox";

const LINES = [
  "Has anybody moved their roles into a collection yet?",
  "Yes, last week, it was less work than I feared",
  "The FQCN change was most of it",
  "Which lint profile do you use for that?",
  "production, with two rules switched off",
  "Nice. Is the inventory plugin still in community.general?",
  "It moved, look at the redirect in meta/runtime.yml",
  "That file again :)",
  "Meeting in ten minutes, agenda is in the forum",
  "I will be there, on IRC as always",
];

/**
 * A conversation over all places: 50 messages in turn, some of them replies to what was said elsewhere, then edits and
 * deletes wherever the network has them. `settle` resolves when what was said so far has arrived.
 */
export async function converse(places: readonly Place[], settle: (ledger: Ledger) => Promise<void>): Promise<Ledger> {
  const ledger = new Ledger(places);
  const said: Entry[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    const place = at(places, turn);
    const person = at(place.people, Math.floor(turn / places.length));
    const isReply = turn % 6 === 5;
    if (isReply) await settle(ledger); // nobody answers what they have not read
    said.push(await ledger.say(place, person.id, at(LINES, turn), isReply ? said.at(-2) : undefined));
  }
  await settle(ledger);
  const editable = said.filter(({ place }) => place.canEdit);
  for (const entry of editable.slice(0, 8)) await ledger.edit(entry, "Corrected: see the changelog first");
  for (const entry of editable.slice(-8)) await ledger.remove(entry);
  await settle(ledger);
  return ledger;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}
