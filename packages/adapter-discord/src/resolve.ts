import { type ChannelRef, channelRef, type NetworkName } from "@fanin/core";
import { z } from "zod";
import { noAccess, unknownChannel, unresolved } from "./check.ts";
import type { Directory } from "./directory.ts";
import { toRelayError } from "./errors.ts";
import { ChannelPayload, GuildsPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";
import { isSnowflake } from "./snowflake.ts";

/** An id, verified, or `#name` where it means one channel in all servers of the bot. Rejects with a finding. */
export async function resolveChannel(
  rest: Rest,
  directory: Directory,
  network: NetworkName,
  name: string,
): Promise<ChannelRef> {
  return isSnowflake(name)
    ? verified(rest, directory, channelRef(network, name))
    : named(rest, directory, network, name);
}

async function verified(rest: Rest, directory: Directory, ref: ChannelRef): Promise<ChannelRef> {
  try {
    directory.learn(await rest.get(ChannelPayload, `/channels/${ref.channel}`));
    return ref;
  } catch (thrown) {
    const error = toRelayError(thrown);
    if (error.code === "not-found") throw unresolved(unknownChannel(ref));
    if (error.code === "forbidden") throw unresolved(noAccess(ref));
    throw error;
  }
}

async function named(rest: Rest, directory: Directory, network: NetworkName, name: string): Promise<ChannelRef> {
  const bare = name.replace(/^#/, "");
  const guilds = await rest.get(GuildsPayload, "/users/@me/guilds");
  const lists = await Promise.all(
    guilds.map(async ({ id }) => {
      const channels = await rest.get(z.array(ChannelPayload), `/guilds/${id}/channels`);
      return channels.map(channel => directory.learn(channel, id));
    }),
  );
  const found = lists.flat().filter(channel => channel.name === bare);
  const [only, ...others] = found;
  if (only && others.length === 0) return channelRef(network, only.id);
  const ids = found.map(({ id }) => id).join(", ");
  throw unresolved({
    id: only ? "ambiguous-channel" : "unknown-channel",
    severity: "refuse",
    says: only ? `Several Discord channels are called #${bare}: ${ids}.` : `No Discord channel is called #${bare}.`,
    cure: only ? "Write the id of the one that is meant." : "Write its id, and invite the bot to its server.",
  });
}
