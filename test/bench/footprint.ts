import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { createVillage } from "../run/village.ts";
import { peakRssMb, rssMb, startFanin } from "./fanin-process.ts";
import { type Bench, type Figure, quantile } from "./figure.ts";
import { type Contender, startBareInTown, startFaninInTown } from "./matrix-contenders.ts";

const STARTS = 3;
/** Until a start has settled. */
const SETTLE_MS = 3000;
const LOADS = 3;
const LOAD = { events: 10_000, latencyMs: 0 };

/** What `fanin run` needs, with Matrix alone and with all three SDKs. */
export const footprint: Bench = {
  name: "footprint",
  async run(): Promise<Figure[]> {
    const alone = await atRest(() => startFaninInTown(1));
    const bare = await atRest(() => startBareInTown(1));
    const load = await underLoad(() => startFaninInTown(100));
    const bareLoad = await underLoad(() => startBareInTown(100));
    const all = await allNetworks();
    return [
      { what: "Matrix alone, RSS idle", unit: "MB", ours: alone.idle, bare: bare.idle, target: { atMost: 120 } },
      { what: "Matrix alone, RSS under load", unit: "MB", ours: load, bare: bareLoad, target: { atMost: 200 } },
      { what: "Matrix alone, ready", unit: "ms", ours: alone.ready, bare: bare.ready, target: { atMost: 1000 } },
      { what: "all three SDKs, RSS idle", unit: "MB", ours: all.idle, target: { atMost: 180 } },
      { what: "all three SDKs, ready", unit: "ms", ours: all.ready, target: { atMost: 2000 } },
    ];
  },
};

type Running = Pick<Contender, "pid" | "readyMs" | "end">;

/** The median of some starts; the first fills the compile cache, as a machine's first start does, and is not counted. */
async function atRest(start: () => Promise<Running>): Promise<{ readonly ready: number; readonly idle: number }> {
  const ready: number[] = [];
  const idle: number[] = [];
  for (let round = -1; round < STARTS; round += 1) {
    const running = await start();
    try {
      if (round < 0) continue;
      ready.push(running.readyMs);
      await sleep(SETTLE_MS);
      idle.push(await rssMb(running.pid));
    } finally {
      await running.end();
    }
  }
  return { ready: quantile(ready, 0.5), idle: quantile(idle, 0.5) };
}

/** The most that it held while 30,000 messages went through as fast as they could. */
async function underLoad(start: () => Promise<Contender>): Promise<number> {
  const { town, pid, end } = await start();
  try {
    await sleep(SETTLE_MS); // a start is another figure
    const load = async () => {
      for (let round = 0; round < LOADS; round += 1) await town.ask(z.number(), "load", LOAD);
    };
    return await peakRssMb(pid, load());
  } finally {
    await end();
  }
}

async function allNetworks() {
  const village = await createVillage();
  try {
    const config = await village.configure();
    return await atRest(() => startFanin(config, village.env));
  } finally {
    await village.close();
  }
}
