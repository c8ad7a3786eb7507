import { setTimeout as wait } from "node:timers/promises";
import type { Inbox } from "@fanin/core";
import { SocketModeClient } from "@slack/socket-mode";
import { type ApiOptions, clientOptions, silent, stopped } from "./api.ts";
import { toRelayError, unreachable } from "./errors.ts";

/** What Socket Mode hands over: `ack` tells Slack that the event is kept; without it Slack repeats the event. */
export interface RawEnvelope {
  readonly type: string;
  readonly body: unknown;
  ack(): Promise<void>;
}

export interface SocketOptions extends ApiOptions {
  readonly appToken: string;
  onEnvelope(envelope: RawEnvelope): void;
  /** Slack dropped events, or sent what can't be read. */
  onGap(): void;
}

const helloWithinMs = 10_000;
const closedWithinMs = 1000;
/** A connection that lived less long counts as a failed attempt. */
const steadyAfterMs = 10_000;
const longestPauseMs = 30_000;

/**
 * Keeps one Socket Mode connection (https://docs.slack.dev/apis/events-api/using-socket-mode). Resolves when the first is
 * live, with the promise of its end: that settles after `signal`, or once Slack refuses the app for good. In between
 * the inbox is told of every state, and that events may have been missed.
 */
export async function keepConnected(options: SocketOptions, inbox: Inbox): Promise<{ readonly ended: Promise<void> }> {
  inbox.report({ state: "connecting" });
  const first = await openPatiently(options, 0, () => inbox.report({ state: "connected" }));
  return { ended: stayConnected(first, options, inbox) };
}

async function stayConnected(first: Connection, options: SocketOptions, inbox: Inbox): Promise<void> {
  const live = (): void => {
    inbox.report({ state: "connected" });
    inbox.missed();
  };
  let failures = 0;
  for (let connection = first; ; ) {
    await connection.closed;
    failures = performance.now() - connection.openedAt > steadyAfterMs ? 0 : failures + 1;
    if (options.signal.aborted) return;
    inbox.report({ state: "connecting" });
    try {
      connection = await openPatiently(options, failures - 1, live);
    } catch (error) {
      if (!options.signal.aborted)
        inbox.report({ state: "failed", error: toRelayError(error, "apps.connections.open") });
      return;
    }
  }
}

/** Tries until it is open; rejects only where Slack refuses the token. */
async function openPatiently(options: SocketOptions, failures: number, live: () => void): Promise<Connection> {
  for (let attempt = failures; ; attempt += 1) {
    const pauseMs = attempt > 0 ? Math.min(250 * 2 ** attempt, longestPauseMs) : 0;
    try {
      await wait(pauseMs, undefined, { signal: options.signal });
      return await open(options, live);
    } catch (error) {
      if (options.signal.aborted) throw stopped(error);
      const { code, retryAfterMs } = toRelayError(error, "apps.connections.open");
      if (code === "unauthorized") throw error;
      await wait(retryAfterMs ?? 0, undefined, { signal: options.signal }).catch(() => {});
    }
  }
}

interface Connection {
  readonly openedAt: number;
  readonly closed: Promise<void>;
}

/**
 * One client for one connection: the SDK's own reconnecting (3.1.0) waits for 5 s, and where Slack then refuses the
 * token it ends in an unhandled rejection.
 */
async function open(options: SocketOptions, live: () => void): Promise<Connection> {
  const client = new TolerantClient({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    clientOptions: clientOptions(options),
    logger: silent,
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const stop = (): void => shut(client, closed);
  // Within Slack's hello, so that the inbox knows of the gap before the first event after it.
  client.once("connected", live);
  client.on("slack_event", (envelope: RawEnvelope) => options.onEnvelope(envelope));
  client.on("unreadable", () => options.onGap());
  client.once("disconnected", () => {
    options.signal.removeEventListener("abort", stop);
    resolve();
  });
  options.signal.addEventListener("abort", stop);
  const late = setTimeout(stop, helloWithinMs);
  try {
    await client.start();
  } catch (error) {
    options.signal.removeEventListener("abort", stop);
    // `start` rejects with nothing where the socket closed before Slack's hello.
    throw error === undefined
      ? unreachable("Slack closed the connection before it was live.", "no")
      : toRelayError(error, "apps.connections.open");
  } finally {
    clearTimeout(late);
  }
  return { openedAt: performance.now(), closed };
}

/** The client waits half a minute for a peer that does not answer its farewell; asked again, it just closes. */
function shut(client: SocketModeClient, closed: Promise<void>): void {
  const force = setTimeout(() => client.websocket?.disconnect(), closedWithinMs);
  void closed.then(() => clearTimeout(force));
  void client.disconnect();
}

class TolerantClient extends SocketModeClient {
  /** `app_rate_limited` has no inner event, over which the SDK (3.1.0) throws where nobody could catch it. */
  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    await super.onWebSocketMessage(data, isBinary).catch(() => this.emit("unreadable"));
  }
}
