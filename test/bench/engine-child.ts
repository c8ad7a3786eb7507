import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createMemoryStore, createRelay, createSqliteStore, type Room } from "@fanin/core";
import { z } from "zod";
import { startBareLoop } from "./bare-loop.ts";
import { serve } from "./child.ts";
import { createLoopNetwork } from "./loop-network.ts";

/*
 * The engine over networks without a wire, in a process of its own: 100 rooms of three channels, so that each event has
 * two deliveries. Argument: which store, or `bare`.
 */

const ROOMS = 100;
/** Events under way: what a few full pushes of a homeserver bring at once. */
const WINDOW = 500;

const [contender] = process.argv.slice(2);
let arrived = 0;
let onArrival = (): void => {};
const networks = ["hub", "alpha", "beta"].map(name =>
  createLoopNetwork(name, () => {
    arrived += 1;
    onArrival();
  }),
);
const adapters = Object.fromEntries(networks.map(({ name, adapter }) => [name, adapter]));
const rooms: Room[] = Array.from({ length: ROOMS }, (_, room) => {
  const [hub = { channel: "" }, ...links] = networks.map(({ name }) => ({ channel: `${name}:c${room}` }));
  return { name: `room${room}`, hub, links };
});

const folder = await mkdtemp(join(import.meta.dirname, ".bench-"));
const stop = await start();
serve({ load, steady }, async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<() => Promise<void>> {
  if (contender === "bare") return (await startBareLoop(adapters, rooms)).stop;
  const store = contender === "memory" ? createMemoryStore() : createSqliteStore({ path: join(folder, "bench.db") });
  const relay = createRelay({ store, adapters });
  await relay.start(rooms);
  return () => relay.stop();
}

let said = 0;

function say(): Promise<void> {
  const network = networks[said % networks.length];
  const channel = `c${Math.floor(said / networks.length) % ROOMS}`;
  said += 1;
  return network?.say(channel) ?? Promise.resolve();
}

/** As fast as it goes; events per second, each of them arrived on both other channels. */
async function load(count: unknown): Promise<number> {
  const events = z.number().parse(count);
  const start = performance.now();
  const first = said;
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const feed = (): void => {
    while (said < first + events && said * 2 - arrived < WINDOW * 2) say().catch(reject);
    if (said === first + events && arrived === said * 2) resolve();
  };
  onArrival = feed;
  feed();
  await done;
  onArrival = () => {};
  return (events * 1000) / (performance.now() - start);
}

/** Fifty events a second for so many seconds; by how much timers were late meanwhile, in milliseconds. */
async function steady(seconds: unknown): Promise<{ p99: number; max: number }> {
  const end = performance.now() + z.number().parse(seconds) * 1000;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  while (performance.now() < end) {
    await Promise.all([say(), sleep(20)]);
  }
  delay.disable();
  return { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
}
