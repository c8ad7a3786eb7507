export { createSlackAdapter, type SlackAdapterOptions } from "./adapter.ts";
export type { SlackPart } from "./render.ts";
