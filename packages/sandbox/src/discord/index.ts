export type { NewChannel, NewUser } from "./administration.ts";
export type { PrivilegedIntents } from "./intents.ts";
export type { Overwrite, Permission } from "./permissions.ts";
export { discordRates } from "./rates.ts";
export { createDiscordStandIn, type DiscordFaults, type DiscordOptions, type DiscordStandIn } from "./stand-in.ts";
