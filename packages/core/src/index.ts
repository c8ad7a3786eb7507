export type { Adapter, Copy, Inbox, Lost, NetworkState, Post, Target } from "./adapter.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type ErrorCode, RelayError, type RelayErrorOptions } from "./errors.ts";
export { encodeMark, findMark, markPlace, stripMarks } from "./guard/mark.ts";
export type { LinkSpec, Room } from "./link.ts";
export { Capabilities, Fidelity, Rate } from "./model/capabilities.ts";
export { Block, Content, Inline, type NodeType, plainContent } from "./model/content.ts";
export { Created, Deleted, Edited, RelayEvent } from "./model/event.ts";
export { Finding } from "./model/finding.ts";
export {
  ChannelId,
  ChannelKey,
  ChannelRef,
  Cursor,
  channelKey,
  channelOf,
  channelRef,
  Key,
  MessageId,
  MessageRef,
  messageRef,
  NetworkName,
  parseChannel,
  type RoomId,
} from "./model/ids.ts";
export { Author, FileNote, Message } from "./model/message.ts";
export { createRelay, type Relay, type RelayOptions, type RelayStatus } from "./relay.ts";
export type { LinkStatus, NetworkStatus, Report } from "./report.ts";
export type { Scheduler } from "./scheduler.ts";
export type {
  Acceptance,
  Accepted,
  CopyRecord,
  DeadLetter,
  Delivery,
  LaneStats,
  LinkRecord,
  LinkState,
  Next,
  Planned,
  Saying,
  Step,
  Store,
} from "./store.ts";
export { createMemoryStore } from "./stores/memory.ts";
export { createSqliteStore, type SqliteStoreOptions } from "./stores/sqlite.ts";
export { actionContent } from "./text/action.ts";
export { shownName } from "./text/name.ts";
export { inlineText, plainText } from "./text/plain.ts";
export { splitContent } from "./text/split.ts";
export { lostAnswer, wholeOf } from "./text/whole.ts";
