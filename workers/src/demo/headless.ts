import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Relay } from "@fanin/core";
import type { Ledger, Place } from "@fanin/sandbox";
import { converse } from "./script.ts";
import { createTown } from "./town.ts";

/** How long nothing may happen before what is missing is called lost. */
const PATIENCE_MS = 20_000;

/** Plays the scripted conversation, prints what each place saw, and resolves to whether everything arrived once, in order. */
export async function runHeadless(print: (line: string) => void): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), "fanin-demo-"));
  const town = await createTown({ store: join(dir, "fanin.db") });
  try {
    await town.relay.start(town.rooms);
    const { places } = town.sandbox;
    const ledger = await converse(places, async played => {
      await settled(played, places);
      await idle(town.relay);
    });
    for (const place of places) printPlace(place, print);
    const audit = ledger.audit();
    for (const fault of audit.faults) print(`  ! ${fault}`);
    const { relayed, expected, lost, doubled, outOfOrder } = audit;
    print(`relayed ${relayed}/${expected} · lost ${lost} · doubled ${doubled} · out of order ${outOfOrder}`);
    return relayed === expected && lost + doubled + outOfOrder === 0;
  } finally {
    await town.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function printPlace(place: Place, print: (line: string) => void): void {
  print(`\n── ${place.name} ${"─".repeat(60 - place.name.length)}`);
  for (const { author, text, edited } of place.said()) print(`${author}: ${text}${edited ? " (edited)" : ""}`);
}

/** Resolves when all that was said has arrived, or when nothing has moved for too long. */
async function settled(ledger: Ledger, places: readonly Place[]): Promise<void> {
  const changed = Promise.withResolvers<void>();
  let moved = performance.now();
  const look = (): void => {
    if (ledger.audit().lost === 0 || performance.now() - moved > PATIENCE_MS) changed.resolve();
  };
  const stops = places.map(place =>
    place.watch(() => {
      moved = performance.now();
      look();
    }),
  );
  const timer = setInterval(look, 250);
  look();
  await changed.promise;
  clearInterval(timer);
  for (const stop of stops) stop();
}

/**
 * Resolves when the relay knows of every copy. Networks show a copy before they answer its send; a reply to it within
 * those milliseconds is parked, and what is said after it may overtake it. People are slower.
 */
async function idle(relay: Relay): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { lanes } = await relay.status();
    if (lanes.every(({ parked, waiting }) => parked + waiting === 0)) return;
    await sleep(10);
  }
}
