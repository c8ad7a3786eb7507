import { IrcChannel } from "./channel.ts";

/** An IRC network in memory. Several bridges may sit on one channel of it. */
export interface IrcNetwork {
  readonly name: string;
  /** The channel of this name, made if there is none. */
  channel(name: string): IrcChannel;
}

export function createIrcNetwork(name: string): IrcNetwork {
  const channels = new Map<string, IrcChannel>();
  return {
    name,
    channel: channelName => {
      const channel = channels.get(channelName) ?? new IrcChannel(channelName);
      channels.set(channelName, channel);
      return channel;
    },
  };
}
