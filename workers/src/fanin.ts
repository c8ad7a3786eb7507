import { type Adapter, createRelay, createSqliteStore, type LinkSpec, type Relay, type Room } from "@fanin/core";
import type { Config } from "./config/schema.ts";
import { createAdapter } from "./networks.ts";

/** The relay that a configuration describes, not yet started. */
export interface Fanin {
  readonly relay: Relay;
  readonly rooms: readonly Room[];
}

const DAY_MS = 86_400_000;

/** Loads the SDKs that the rooms need. Rejects with a `RelayError` (`bad-config`) that says what to do. */
export async function createFanin(config: Config): Promise<Fanin> {
  const rooms = roomsOf(config);
  const adapters = Object.fromEntries(await createAdapters(config, rooms));
  const store = createSqliteStore({ path: config.store });
  return { relay: createRelay({ store, adapters, keepMs: config.keepDays * DAY_MS }), rooms };
}

/** An adapter for each network that a room uses. */
export function createAdapters(config: Config, rooms: readonly Room[]): Promise<[string, Adapter][]> {
  const used = new Set(rooms.flatMap(linksOf).map(networkOf));
  return Promise.all(
    Object.entries(config.networks)
      .filter(([name]) => used.has(name))
      .map(async ([name, network]): Promise<[string, Adapter]> => [name, await createAdapter(name, network)]),
  );
}

export function roomsOf(config: Config): Room[] {
  return Object.entries(config.rooms).map(([name, { hub, links }]) => ({ name, hub, links }));
}

/** The hub first. */
export function linksOf({ hub, links }: Room): LinkSpec[] {
  return [hub, ...links];
}

export function networkOf({ channel }: LinkSpec): string {
  return channel.slice(0, channel.indexOf(":"));
}
