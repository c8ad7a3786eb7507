import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { createRelay, createSqliteStore } from "@fanin/core";
import { serve } from "./child.ts";
import { Facts } from "./matrix-facts.ts";

/** fanin between pairs of Matrix rooms, in a process of its own: the real adapter, the SQLite store. */

const [given = ""] = process.argv.slice(2);
const { url, registration, rooms } = Facts.parse(JSON.parse(given));
const folder = await mkdtemp(join(import.meta.dirname, ".bench-"));
const listen = new URL(registration.url).host;
const relay = createRelay({
  store: createSqliteStore({ path: join(folder, "bench.db") }),
  adapters: { hub: createMatrixAdapter({ network: "hub", homeserver: url, registration, listen }) },
});
await relay.start(
  rooms.map(([hub, link], index) => ({
    name: `room${index}`,
    hub: { channel: `hub:${hub}` },
    links: [{ channel: `hub:${link}` }],
  })),
);
const { links } = await relay.status();
const idle = links.find(({ state }) => state !== "active");
if (idle) throw new Error(`${idle.name} is ${idle.state}: ${idle.finding?.says}`);

serve({}, async () => {
  await relay.stop();
  await rm(folder, { recursive: true });
});
