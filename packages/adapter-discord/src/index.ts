export { createDiscordAdapter, type DiscordAdapterOptions } from "./adapter.ts";
export type { Answered } from "./answer.ts";
export type { DiscordPart } from "./render.ts";
