import { setTimeout as pause } from "node:timers/promises";
import { createSqliteStore } from "@fanin/core";
import { type Audit, Ledger, type Place } from "@fanin/sandbox";
import { waitUntil } from "../real/wait-until.ts";
import type { Program } from "./program.ts";

export interface KillRun {
  readonly places: readonly Place[];
  readonly program: Program;
  readonly storePath: string;
  readonly messages: number;
  readonly kills: number;
  /** Reads places that are not in this process; called before every count. */
  readonly refresh?: () => Promise<void>;
  /** Called once, when half of the messages are said. */
  readonly atHalf?: () => Promise<void>;
}

export interface KillOutcome {
  readonly audit: Audit;
  readonly healed: number;
  /** Sends that a kill had left unanswered and that were settled afterwards. */
  readonly recalled: number;
}

/** A conversation during which the relay is killed at random moments and started again; ends when nothing is missing. */
export async function runKills(run: KillRun): Promise<KillOutcome> {
  const { places, program, messages, kills } = run;
  const ledger = new Ledger(places);
  program.start();
  await waitUntil(
    () => `the relay is ready: ${program.log}`,
    () => /channels active/.test(program.log),
    30_000,
  );
  const killing = (async () => {
    for (let killed = 0; killed < kills; killed += 1) {
      // Long enough to come up most times, short enough to hit every stage of it; every other one the moment a copy
      // appears, before the relay is told of it.
      await pause(200 + Math.random() * 2_300);
      if (killed % 2 === 1) await copyAppears(places);
      await program.kill();
      program.start();
    }
  })();
  for (let said = 0; said < messages; said += 1) {
    const place = pick(places, said);
    await ledger.say(place, pick(place.people, said % 3).id, `line ${said}`);
    if (said === Math.floor(messages / 2)) await run.atHalf?.();
    await pause(Math.random() * 110); // about as long as the kills take together
  }
  await killing;
  let audit = ledger.audit();
  const complete = async (): Promise<boolean> => {
    await run.refresh?.();
    audit = ledger.audit();
    return audit.lost === 0;
  };
  await waitUntil(
    () => `everything has arrived: ${audit.faults.slice(0, 10).join("; ")}\n${program.log}`,
    complete,
    120_000,
  );
  await program.stop();
  await run.refresh?.();
  return { audit: ledger.audit(), healed: await healedIn(run.storePath), recalled: program.recalled };
}

/** Prints what came of a run. */
export function report(what: string, { audit, healed, recalled }: KillOutcome): void {
  const { doubled, expected, lost, outOfOrder, relayed } = audit;
  const counts = `relayed ${relayed}/${expected} · lost ${lost} · doubled ${doubled} · out of order ${outOfOrder}`;
  console.log(`${what} · ${counts} · recalled ${recalled} · healed ${healed}`);
}

/** Resolves when a place shows something new that was relayed, or after a while in which none does. */
async function copyAppears(places: readonly Place[]): Promise<void> {
  const appeared = Promise.withResolvers<void>();
  const stops = places.map(place => {
    const relayed = (): number => place.said().filter(said => said.relayed).length;
    const before = relayed();
    return place.watch(() => {
      if (relayed() > before) appeared.resolve();
    });
  });
  await Promise.race([appeared.promise, pause(3_000)]);
  for (const stop of stops) stop();
}

async function healedIn(path: string): Promise<number> {
  const store = createSqliteStore({ path });
  await store.open();
  const lanes = await store.stats();
  await store.close();
  return lanes.reduce((sum, lane) => sum + lane.healed, 0);
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}
