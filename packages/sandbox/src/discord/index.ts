export type { DiscordAdministration } from "./administration.ts";
export type { NewChannel, NewUser } from "./guild.ts";
export type { PrivilegedIntents } from "./intents.ts";
export type { Overwrite, Permission } from "./permissions.ts";
export { discordRates } from "./rates.ts";
export { createDiscordStandIn, type DiscordStandIn, type DiscordStandInOptions } from "./stand-in.ts";
