export {
  createDiscordStandIn,
  type DiscordAdministration,
  type DiscordStandIn,
  type DiscordStandInOptions,
  discordRates,
  type NewChannel,
  type NewUser,
  type Overwrite,
  type Permission,
  type PrivilegedIntents,
} from "./discord/index.ts";
export { type Fault, Faults } from "./faults.ts";
export {
  type ChannelMode,
  createIrcNetwork,
  createIrcPortal,
  type IrcChannel,
  type IrcLine,
  type IrcNetwork,
  type IrcPortal,
  type IrcPortalOptions,
  type Rank,
} from "./irc/index.ts";
export { type Audit, type Entry, Ledger } from "./ledger.ts";
export {
  type AppServiceRegistration,
  createMatrixStandIn,
  type Homeserver,
  MatrixError,
  MatrixFaults,
  type MatrixStandIn,
  type MatrixStandInOptions,
  type MatrixUser,
  matrixRates,
  type RoomOptions,
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
export {
  createSlackStandIn,
  type DisconnectReason,
  type SlackAdministration,
  type SlackStandIn,
  type SlackStandInOptions,
  slackRates,
} from "./slack/index.ts";
