import { createHash } from "node:crypto";
import {
  type Adapter,
  type ChannelKey,
  type ChannelRef,
  channelKey,
  type Inbox,
  Key,
  parseChannel,
  type Room,
} from "@fanin/core";

/**
 * The measure of what a relay costs: hands each message to the other channels of its room through the same adapters, in
 * order, and keeps nothing. What it has in hand is lost with the process.
 */
export async function startBareLoop(
  adapters: Readonly<Record<string, Adapter>>,
  rooms: readonly Room[],
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  const own = new Set<string>();
  const others = new Map<ChannelKey, readonly ChannelRef[]>();
  const lanes = new Map<ChannelKey, Promise<unknown>>();
  let keys = 0;

  for (const { hub, links } of rooms) {
    const channels = [hub, ...links].map(({ channel }) => parseChannel(channel));
    for (const channel of channels) {
      others.set(
        channelKey(channel),
        channels.filter(other => other !== channel),
      );
      for (const id of (await adapters[channel.network]?.prepare(channel)) ?? []) own.add(id);
    }
  }

  const inbox: Inbox = {
    accept: async event => {
      if (event.type !== "created" || own.has(event.message.author.id)) return;
      const { author, content, files } = event.message;
      for (const channel of others.get(channelKey(event.channel)) ?? []) {
        const adapter = adapters[channel.network];
        const lane = channelKey(channel);
        const [part] = adapter?.render({ author, content, files }) ?? [];
        keys += 1;
        const key = Key.parse(createHash("sha256").update(String(keys)).digest("hex").slice(0, 16));
        lanes.set(
          lane,
          Promise.resolve(lanes.get(lane)).then(() => adapter?.send(channel, part, key)),
        );
      }
    },
    missed: () => undefined,
    lost: () => undefined,
    report: () => undefined,
  };
  for (const adapter of Object.values(adapters)) await adapter.connect(inbox, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(lanes.values());
      for (const adapter of Object.values(adapters)) await adapter.close();
    },
  };
}
