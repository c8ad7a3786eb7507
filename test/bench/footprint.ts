import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { z } from "zod";
import { freePort } from "../real/free-port.ts";
import { createVillage } from "../run/village.ts";
import { type Child, startChild } from "./child.ts";
import { peakRssMb, rssMb, startFanin } from "./fanin-process.ts";
import { type Bench, type Figure, quantile } from "./figure.ts";
import { Facts } from "./matrix-facts.ts";

const STARTS = 3;
/** Until what a start leaves behind is collected. */
const SETTLE_MS = 5000;
const LOAD = { events: 10_000, latencyMs: 0 };

/** What `fanin run` needs, with Matrix alone and with all three SDKs. */
export const footprint: Bench = {
  name: "footprint",
  async run(): Promise<Figure[]> {
    const alone = await matrixAlone();
    const bare = await bareLoop();
    const all = await allNetworks();
    return [
      { what: "Matrix alone, RSS idle", unit: "MB", ours: alone.idle, bare: bare.idle, target: { atMost: 120 } },
      {
        what: "Matrix alone, RSS under load",
        unit: "MB",
        ours: await underLoad(),
        bare: bare.load,
        target: { atMost: 200 },
      },
      { what: "Matrix alone, ready", unit: "ms", ours: alone.ready, bare: bare.ready, target: { atMost: 1000 } },
      { what: "all three SDKs, RSS idle", unit: "MB", ours: all.idle, target: { atMost: 180 } },
      { what: "all three SDKs, ready", unit: "ms", ours: all.ready, target: { atMost: 2000 } },
    ];
  },
};

interface Rest {
  readonly ready: number;
  readonly idle: number;
}

function matrixAlone(): Promise<Rest> {
  return inTown(1, async (_, config) => atRest(config, {}));
}

async function allNetworks(): Promise<Rest> {
  const village = await createVillage();
  try {
    return await atRest(await village.configure(), village.env);
  } finally {
    await village.close();
  }
}

/** The median of some starts; the first fills the compile cache, as a machine's first start does, and is not counted. */
async function atRest(config: string, env: Readonly<Record<string, string>>): Promise<Rest> {
  const ready: number[] = [];
  const idle: number[] = [];
  for (let start = -1; start < STARTS; start += 1) {
    const fanin = await startFanin(config, env);
    try {
      if (start < 0) continue;
      ready.push(fanin.readyMs);
      await sleep(SETTLE_MS);
      idle.push(await rssMb(fanin.pid));
    } finally {
      await fanin.end();
    }
  }
  return { ready: quantile(ready, 0.5), idle: quantile(idle, 0.5) };
}

function underLoad(): Promise<number> {
  return inTown(100, async (town, config) => {
    const fanin = await startFanin(config, {});
    try {
      return await peakRssMb(fanin.pid, load(town));
    } finally {
      await fanin.end();
    }
  });
}

async function load(town: Child): Promise<void> {
  for (let round = 0; round < 3; round += 1) await town.ask(z.number(), "load", LOAD);
}

async function bareLoop(): Promise<Rest & { readonly load: number }> {
  const town = await startChild("./matrix-town.ts", ["100", String(await freePort())]);
  try {
    const start = performance.now();
    const bare = await startChild("./matrix-bare.ts", [JSON.stringify(await town.ask(Facts, "facts"))]);
    const ready = performance.now() - start;
    try {
      await sleep(SETTLE_MS);
      const idle = await rssMb(bare.pid);
      return { ready, idle, load: await peakRssMb(bare.pid, load(town)) };
    } finally {
      await bare.end();
    }
  } finally {
    await town.end();
  }
}

/** A homeserver with pairs of rooms, and the configuration that joins each pair. */
async function inTown<Result>(pairs: number, run: (town: Child, config: string) => Promise<Result>): Promise<Result> {
  const port = String(await freePort());
  const town = await startChild("./matrix-town.ts", [String(pairs), port]);
  const folder = await mkdtemp(join(tmpdir(), "fanin-bench-"));
  try {
    const { url, registration, rooms } = await town.ask(Facts, "facts");
    await writeFile(join(folder, "registration.yaml"), stringify(registration));
    const config = join(folder, "fanin.yaml");
    await writeFile(
      config,
      stringify({
        networks: {
          hub: { adapter: "matrix", homeserver: url, registration: "./registration.yaml", listen: `127.0.0.1:${port}` },
        },
        rooms: Object.fromEntries(
          rooms.map(([hub, link], index) => [`room${index}`, { hub: `hub:${hub}`, links: [`hub:${link}`] }]),
        ),
        store: "./fanin.db",
      }),
    );
    return await run(town, config);
  } finally {
    await town.end();
    await rm(folder, { recursive: true });
  }
}
