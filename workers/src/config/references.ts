import { z } from "zod";
import { channelProblem } from "./channel-name.ts";
import { suggest } from "./nearest.ts";
import { formatKeyPath, type KeyPath } from "./problem.ts";

// Only what the checks below look at: they speak also where something else is wrong.
const Channel = z
  .union([z.string(), z.object({ channel: z.string() }).transform(({ channel }) => channel)])
  .optional()
  .catch(undefined);
const Address = z.object({ listen: z.string().optional() }).catch({});
const Outline = z.object({
  networks: z
    .record(
      z.string(),
      z
        .object({ adapter: z.string().catch(""), listen: z.string().optional().catch(undefined) })
        .catch({ adapter: "" }),
    )
    .catch({}),
  rooms: z
    .record(
      z.string(),
      z.object({ hub: Channel, links: z.array(Channel).catch([]) }).catch({ hub: undefined, links: [] }),
    )
    .catch({}),
  http: Address.optional(),
});
type Outline = z.infer<typeof Outline>;

interface Fault {
  readonly path: KeyPath;
  readonly says: string;
}

/** What no single key shows: channels and networks that don't fit together, addresses taken twice. Pure. */
export function checkReferences(data: unknown): Fault[] {
  const outline = Outline.safeParse(data);
  if (!outline.success) return [];
  return [...checkChannels(outline.data), ...checkAddresses(outline.data)];
}

function checkChannels({ networks, rooms }: Outline): Fault[] {
  const taken = new Map<string, KeyPath>();
  return channelsOf(rooms).flatMap(({ path, channel, isHub }) => {
    const says = channelFault(networks, channel, isHub);
    if (says) return { path, says };
    const first = taken.get(channel);
    if (!first) {
      taken.set(channel, path);
      return [];
    }
    return { path, says: `${channel} is already at ${formatKeyPath(first)}; a channel belongs to one room, once.` };
  });
}

interface Written {
  readonly path: KeyPath;
  readonly channel: string;
  readonly isHub: boolean;
}

function channelsOf(rooms: Outline["rooms"]): Written[] {
  return Object.entries(rooms).flatMap(([name, { hub, links }]) =>
    [
      { path: ["rooms", name, "hub"], channel: hub, isHub: true },
      ...links.map((channel, index) => ({ path: ["rooms", name, "links", index], channel, isHub: false })),
    ].flatMap(({ channel, ...at }) => (channel === undefined ? [] : { ...at, channel })),
  );
}

function channelFault(networks: Outline["networks"], channel: string, isHub: boolean): string | undefined {
  const colon = channel.indexOf(":");
  const name = channel.slice(0, Math.max(0, colon));
  const network = networks[name];
  if (isHub && (network?.adapter === "slack" || network?.adapter === "discord"))
    return `is on a ${network.adapter} network; the hub is a Matrix room: write this channel under links.`;
  if (network && colon > 0) return channelProblem(network.adapter, channel.slice(colon + 1));
  // Without a network's name before it, it could be anything, a token too: it is not shown.
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return 'must be written "network:channel", such as "slack:C024BE91L".';
  return `network ${name} is not configured${suggest(name, Object.keys(networks))}`;
}

function checkAddresses({ networks, http }: Outline): Fault[] {
  const taken = new Map<string, KeyPath>();
  const addresses = [
    ...Object.entries(networks).map(([name, { listen }]) => ({ path: ["networks", name, "listen"], listen })),
    { path: ["http", "listen"], listen: http?.listen },
  ];
  return addresses.flatMap(({ path, listen }) => {
    if (listen === undefined || listen.endsWith(":0")) return [];
    const first = taken.get(listen);
    if (first) return { path, says: `${listen} is already at ${formatKeyPath(first)}; choose another port.` };
    taken.set(listen, path);
    return [];
  });
}
