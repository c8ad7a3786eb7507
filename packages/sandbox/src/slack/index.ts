export type { SlackAdministration } from "./administration.ts";
export { slackRates } from "./rates.ts";
export type { DisconnectReason } from "./socket-mode.ts";
export { createSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "./stand-in.ts";
