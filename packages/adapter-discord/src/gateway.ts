import { setTimeout as sleep } from "node:timers/promises";
import { type SessionInfo, WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { type NetworkState, RelayError } from "@fanin/core";
import { GatewayIntentBits } from "discord-api-types/v10";
import { fatalClose, toRelayError } from "./errors.ts";
import type { Rest } from "./rest.ts";

const intents = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

/** Discord lets a bot identify once in this time. */
const identifyEveryMs = 5000;

export interface GatewayOptions {
  readonly rest: Rest;
  readonly token: string;
  readonly rateScale: number;
  /** Every dispatch in the order of its session. Must not throw. */
  onDispatch(type: string, data: unknown): void;
  /** A session other than the first began: events may be lost. */
  onNewSession(): void;
  onState(state: NetworkState): void;
  /** Closes it, also while it is being opened. */
  readonly signal: AbortSignal;
}

export interface Gateway {
  close(): Promise<void>;
}

/**
 * Connects to the gateway and resolves when its first session stands; it reconnects by itself until closed. Rejects with
 * `unauthorized` where the token or an intent is refused, `unreachable` where Discord can't be asked.
 * https://discord.com/developers/docs/events/gateway
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const closing = new AbortController();
  const manager = createManager(options, closing.signal);
  const { promise: firstSession, resolve, reject } = Promise.withResolvers<void>();
  firstSession.catch(() => undefined); // where it is not awaited yet, or no longer
  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    reject(new RelayError("stopped", "the connection was closed", { retry: "later" }));
    await manager.destroy();
  };
  options.signal.addEventListener("abort", () => void close(), { once: true });
  let live = false;
  manager.on(WebSocketShardEvents.Dispatch, ({ data }) => options.onDispatch(data.t, data.d));
  manager.on(WebSocketShardEvents.Ready, () => {
    options.onState({ state: "connected" });
    if (live) options.onNewSession();
    live = true;
    resolve();
  });
  manager.on(WebSocketShardEvents.Resumed, () => options.onState({ state: "connected" }));
  manager.on(WebSocketShardEvents.Closed, ({ code }) => {
    const error = fatalClose(code);
    if (!closing.signal.aborted) options.onState(error ? { state: "failed", error } : { state: "connecting" });
    if (error) reject(error);
  });
  // Without a listener it would end the process; the close that follows tells what to do.
  manager.on(WebSocketShardEvents.Error, () => undefined);
  try {
    await limitsOf(manager);
    // Rejects with the first socket's error although the SDK goes on trying.
    void manager.connect().catch(() => undefined);
    await firstSession;
  } catch (thrown) {
    await close();
    throw toRelayError(thrown);
  }
  return { close };
}

async function limitsOf(manager: WebSocketManager): Promise<void> {
  const { session_start_limit: sessions, shards } = await manager.fetchGatewayInformation();
  if (sessions.remaining >= shards) return;
  const message = "Discord lets the bot start no more sessions today";
  throw new RelayError("rate-limited", message, { retry: "later", retryAfterMs: sessions.reset_after });
}

function createManager({ rest, token, rateScale }: GatewayOptions, closing: AbortSignal): WebSocketManager {
  // The SDK's own store is one for the process: two accounts would resume each other's sessions.
  const sessions = new Map<number, SessionInfo>();
  const freeAt = new Map<number, number>();
  return new WebSocketManager({
    rest: rest.sdk,
    token,
    intents,
    retrieveSessionInfo(shard) {
      // A reconnect that was under way when we closed would open a socket that nobody closes.
      return closing.aborted ? new Promise<null>(() => undefined) : (sessions.get(shard) ?? null);
    },
    updateSessionInfo(shard, session) {
      if (session) sessions.set(shard, session);
      else sessions.delete(shard);
    },
    async buildIdentifyThrottler(manager) {
      const { session_start_limit: limit } = await manager.fetchGatewayInformation();
      return {
        async waitForIdentify(shard, signal) {
          const now = performance.now();
          const bucket = shard % limit.max_concurrency;
          const at = Math.max(now, freeAt.get(bucket) ?? now);
          freeAt.set(bucket, at + identifyEveryMs / rateScale);
          await sleep(at - now, undefined, { signal: AbortSignal.any([signal, closing]), ref: false });
        },
      };
    },
  });
}
