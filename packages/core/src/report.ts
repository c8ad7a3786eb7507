import type { NetworkState } from "./adapter.ts";
import type { RelayError } from "./errors.ts";
import type { RelayEvent } from "./model/event.ts";
import type { Finding } from "./model/finding.ts";
import type { ChannelKey, MessageRef, NetworkName } from "./model/ids.ts";
import type { LinkState } from "./store.ts";

/** How a link stands; `starting` until its first check is through. */
export interface LinkStatus {
  /** The room's name in the configuration. */
  readonly room: string;
  /** As configured: `slack:#general`. */
  readonly name: string;
  /** Once its name is resolved. */
  readonly channel?: ChannelKey;
  readonly state: LinkState | "starting";
  readonly finding?: Finding;
}

export interface NetworkStatus {
  readonly network: NetworkName;
  readonly state: NetworkState["state"];
  readonly error?: RelayError;
}

interface About {
  /** The message it is about, on the channel it was said on. */
  readonly source: MessageRef;
  readonly event: RelayEvent["type"] | "notice";
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** What a relay tells those who watch it. Holds refs and reasons, never a message's text. */
export type Report =
  /** The way of one event: where it will go, that it is on disk, and what became of it on each channel. */
  | (About & { readonly type: "planned"; readonly targets: readonly ChannelKey[] })
  | (About & { readonly type: "accepted"; readonly targets: readonly ChannelKey[] })
  | (About & { readonly type: "delivered"; readonly lane: ChannelKey })
  | (About & {
      readonly type: "deferred";
      readonly lane: ChannelKey;
      readonly error: RelayError;
      readonly until: number;
    })
  | (About & { readonly type: "buried"; readonly lane: ChannelKey; readonly reason: string })
  | (About & { readonly type: "dropped"; readonly lane: ChannelKey; readonly reason: string })
  /** A send that was left unanswered has been settled: it had arrived, or it certainly had not and is made again. */
  | (About & { readonly type: "recalled"; readonly lane: ChannelKey; readonly arrived: boolean })
  /** A late twin of a copy was deleted. */
  | { readonly type: "healed"; readonly channel: ChannelKey }
  /** History that could not be read. */
  | {
      readonly type: "lost";
      readonly channel: ChannelKey;
      readonly why: string;
      readonly fromMs?: number;
      readonly toMs?: number;
    }
  | { readonly type: "caught-up"; readonly channel: ChannelKey; readonly read: number }
  | { readonly type: "lane-buried"; readonly lane: ChannelKey; readonly count: number; readonly reason: string }
  | { readonly type: "link"; readonly link: LinkStatus }
  | { readonly type: "network"; readonly network: NetworkStatus }
  /** Something that will be tried again, told so that nobody has to guess. */
  | { readonly type: "retrying"; readonly what: string; readonly error: RelayError; readonly afterMs: number };
