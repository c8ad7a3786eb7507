import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort } from "../real/free-port.ts";
import { type Child, startChild } from "./child.ts";
import { startFanin } from "./fanin-process.ts";
import { Facts } from "./matrix-facts.ts";

/** A relay between pairs of Matrix rooms, with a homeserver of its own. */
export interface Contender {
  /** The homeserver's side, which speaks and counts. */
  readonly town: Child;
  /** The relay's process. */
  readonly pid: number;
  readonly readyMs: number;
  end(): Promise<void>;
}

/** `fanin run`: the real adapter, the SQLite store. */
export async function startFaninInTown(pairs: number): Promise<Contender> {
  const town = await startTown(pairs);
  const folder = await mkdtemp(join(import.meta.dirname, ".bench-"));
  const end = async () => {
    await town.end();
    await rm(folder, { recursive: true });
  };
  try {
    const fanin = await startFanin(await configure(folder, await town.ask(Facts, "facts")), {});
    return { town, pid: fanin.pid, readyMs: fanin.readyMs, end: () => fanin.end().then(end) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The loop that keeps nothing. */
export async function startBareInTown(pairs: number): Promise<Contender> {
  const town = await startTown(pairs);
  try {
    const facts = JSON.stringify(await town.ask(Facts, "facts"));
    const start = performance.now();
    const bare = await startChild("./matrix-bare.ts", [facts]);
    return { town, pid: bare.pid, readyMs: performance.now() - start, end: () => bare.end().then(town.end) };
  } catch (error) {
    await town.end();
    throw error;
  }
}

async function startTown(pairs: number): Promise<Child> {
  return startChild("./matrix-town.ts", [String(pairs), String(await freePort())]);
}

/** Writes a configuration that joins each pair; returns its path. */
async function configure(folder: string, { url, registration, rooms }: Facts): Promise<string> {
  const listen = new URL(registration.url).host;
  const config = {
    networks: { hub: { adapter: "matrix", homeserver: url, registration: "./registration.yaml", listen } },
    rooms: Object.fromEntries(
      rooms.map(([hub, link], index) => [`room${index}`, { hub: `hub:${hub}`, links: [`hub:${link}`] }]),
    ),
    store: "./fanin.db",
  };
  await writeFile(join(folder, "registration.yaml"), stringify(registration));
  const path = join(folder, "fanin.yaml");
  await writeFile(path, stringify(config));
  return path;
}
