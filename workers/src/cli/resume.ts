import { access } from "node:fs/promises";
import { type ChannelKey, channelKey, createSqliteStore, type LinkRecord, type Store } from "@fanin/core";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { createAdapters, linksOf, roomsOf } from "../fanin.ts";
import { failWith, failWithError, failWithProblems } from "./fail.ts";

export interface ResumeOptions {
  readonly config: string;
}

/** Ends a link's pause while no fanin runs: at the next start it begins at now. Resolves to the exit code. */
export async function resume(link: string, { config: path }: ResumeOptions): Promise<number> {
  const loaded = await loadConfig(path);
  if ("problems" in loaded) return failWithProblems(loaded.problems);
  const { config } = loaded;
  if (!(await exists(config.store)))
    return failWith([`${config.store} does not exist: fanin has not run with it yet.`]);
  const store = createSqliteStore({ path: config.store });
  try {
    await store.open();
    try {
      return await resumeIn(store, link, config);
    } finally {
      await store.close();
    }
  } catch (error) {
    return failWithError(error);
  }
}

async function resumeIn(store: Store, link: string, config: Config): Promise<number> {
  const records = await store.links();
  const key = await keyOf(link, records, config);
  const record = records.find(({ channel }) => channel === key);
  if (record?.state === "paused") {
    await store.removeLink(record.channel);
    console.log(`${link} is no longer paused: it starts at now when fanin runs again.`);
    return 0;
  }
  const paused = records.filter(({ state }) => state === "paused").map(({ channel }) => channel);
  const others = paused.length > 0 ? `paused are: ${paused.join(", ")}` : "no link is paused";
  return failWith([`${link} is not paused${record ? ` but ${record.state}` : ""}; ${others}.`]);
}

/** The link's channel: as the store names it, or as the network resolves what the configuration says. */
async function keyOf(link: string, records: readonly LinkRecord[], config: Config): Promise<ChannelKey | undefined> {
  const known = records.find(({ channel }) => channel === link);
  if (known) return known.channel;
  const spec = roomsOf(config)
    .flatMap(linksOf)
    .find(({ channel }) => channel === link);
  if (!spec) return undefined;
  const [found] = await createAdapters(config, [{ name: link, hub: spec, links: [] }]);
  if (!found) return undefined;
  const [network, adapter] = found;
  try {
    return channelKey(await adapter.resolve(link.slice(network.length + 1)));
  } finally {
    await adapter.close();
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
