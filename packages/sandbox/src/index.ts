export {
  createDiscordStandIn,
  type DiscordStandIn,
  type DiscordStandInOptions,
  discordRates,
} from "./discord/index.ts";
export { type Fault, Faults } from "./faults.ts";
export {
  createIrcNetwork,
  createIrcPortal,
  type IrcChannel,
  type IrcNetwork,
  type IrcPortal,
  type IrcPortalOptions,
} from "./irc/index.ts";
export { type Audit, type Entry, Ledger } from "./ledger.ts";
export {
  type AppServiceRegistration,
  createMatrixStandIn,
  type MatrixStandIn,
  type MatrixStandInOptions,
  type MatrixUser,
  matrixRates,
} from "./matrix/index.ts";
export {
  type Change,
  createPage,
  type Look,
  type Page,
  type PageOptions,
  type PageWindow,
  type Progress,
} from "./page-server/index.ts";
export type { Person, Place, Said } from "./place.ts";
export type { Rate } from "./rates.ts";
export { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export { createSlackStandIn, type SlackStandIn, type SlackStandInOptions, slackRates } from "./slack/index.ts";
