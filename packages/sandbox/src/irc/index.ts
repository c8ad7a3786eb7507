export type { ChannelMode, IrcChannel, IrcLine, Rank } from "./channel.ts";
export { createIrcNetwork, type IrcNetwork } from "./network.ts";
export { createIrcPortal, type IrcPortal, type IrcPortalOptions } from "./portal.ts";
