import type { Room } from "@fanin/core";

export const places: Readonly<Record<string, readonly string[]>> = {
  hub: ["lobby", "den"],
  slack: ["lobby", "den"],
  discord: ["lobby"],
  gitter: ["lobby", "den"],
};

export const keys: readonly string[] = Object.entries(places).flatMap(([network, channels]) =>
  channels.map(channel => `${network}:${channel}`),
);

/** These go from room to room; the others stay. */
export const movable = ["gitter:lobby", "gitter:den"] as const;

/** What stays, by the names of the rooms. */
export const rooted: ReadonlyMap<string, readonly string[]> = new Map([
  ["first", ["hub:lobby", "slack:lobby", "discord:lobby"]],
  ["second", ["hub:den", "slack:den"]],
]);

export function roomsOf(moved: ReadonlyMap<string, string | undefined>, suffix = ""): Room[] {
  return [...rooted].map(([name, [hub = "", ...links]]) => ({
    name: name + suffix,
    hub: { channel: hub },
    links: [...links, ...movable.filter(key => moved.get(key) === name)].map(channel => ({ channel })),
  }));
}
