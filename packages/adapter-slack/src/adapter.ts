import { type Adapter, type Key, NetworkName } from "@fanin/core";
import { z } from "zod";
import { checkAccount, readOwnIds } from "./account.ts";
import { createApi } from "./api.ts";
import { slackCapabilities } from "./capabilities.ts";
import { checkChannel, joinChannel, resolveChannel } from "./channels.ts";
import { Directory } from "./directory.ts";
import { refusalOf } from "./errors.ts";
import { copyOf, findCopy, readHead, readHistory } from "./history.ts";
import { createReceiver } from "./live.ts";
import { Posted } from "./payload.ts";
import { editedBody, postedBody, renderPost, type SlackPart } from "./render.ts";
import { keepConnected } from "./socket.ts";
import { copyEventType } from "./to-event.ts";

export interface SlackAdapterOptions {
  /** The network's name in the configuration. */
  readonly network: string;
  /** `xoxb-…`, with the scopes of the README's manifest. */
  readonly botToken: string;
  /** `xapp-…`, with `connections:write`. */
  readonly appToken: string;
  /** Another Slack-compatible server's Web API, as `http://127.0.0.1:3000/api/`. */
  readonly apiUrl?: string;
  /** Multiplies the documented rates and divides the waits, for a server that is scaled alike; 1 unless given. */
  readonly rateScale?: number;
}

/** Texts are ours to the letter: no mention and no markup is read into them, and addresses do not unfold. */
const verbatim = { parse: "none", link_names: false };
const folded = { unfurl_links: false, unfurl_media: false };

const marked = (key: Key): object => ({ event_type: copyEventType, event_payload: { key } });

/** Slack over Socket Mode and the Web API, through Slack's own SDKs. Nothing is contacted before the first call. */
export function createSlackAdapter(options: SlackAdapterOptions): Adapter<SlackPart> {
  const network = NetworkName.parse(options.network);
  const closing = new AbortController();
  const reach = { ...(options.apiUrl !== undefined && { apiUrl: options.apiUrl }), signal: closing.signal };
  const api = createApi(options.botToken, reach);
  const directory = new Directory(api);
  let ownIds: Promise<string[]> | undefined;
  let ended: Promise<void> = Promise.resolve();

  return {
    capabilities: slackCapabilities(options.rateScale ?? 1),

    check: channel => (channel ? checkChannel(api, channel) : checkAccount(api, createApi(options.appToken, reach))),

    resolve: name => resolveChannel(api, network, name),

    async prepare(channel) {
      ownIds ??= readOwnIds(api).catch((error: unknown) => {
        ownIds = undefined;
        throw error;
      });
      const ids = await ownIds;
      await joinChannel(api, channel);
      return ids;
    },

    async connect(inbox, signal) {
      const until = AbortSignal.any([signal, closing.signal]);
      const onEnvelope = createReceiver(network, directory, inbox);
      const onGap = (): void => inbox.missed();
      const socket = { ...reach, signal: until, appToken: options.appToken, onEnvelope, onGap };
      ({ ended } = await keepConnected(socket, inbox));
    },

    head: channel => readHead(api, channel),

    history: (channel, after) => readHistory(api, directory, channel, after),

    render: post => renderPost(network, post),

    async send(channel, part, key) {
      const args = {
        channel: channel.channel,
        ...postedBody(part),
        ...verbatim,
        ...folded,
        metadata: marked(key),
        ...(part.username !== undefined && { username: part.username }),
        ...(part.iconUrl !== undefined && { icon_url: part.iconUrl }),
        ...(part.threadTs !== undefined && { thread_ts: part.threadTs }),
      };
      const { ts, message } = await api("chat.postMessage", args, Posted);
      return copyOf(channel, { ts, thread_ts: message?.thread_ts });
    },

    recall: (channel, part, key, after) => findCopy(api, channel, part.threadTs, key, after),

    async edit(copy, part, key) {
      const { channel, message: ts } = copy.ref;
      await api("chat.update", { channel, ts, ...editedBody(part), ...verbatim, metadata: marked(key) }, z.unknown());
      return copy;
    },

    async remove(copy) {
      const { channel, message: ts } = copy.ref;
      await api("chat.delete", { channel, ts }, z.unknown()).catch((error: unknown) => {
        if (refusalOf(error) !== "message_not_found") throw error;
      });
    },

    async close() {
      closing.abort();
      await ended;
    },
  };
}
