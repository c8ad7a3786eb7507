import { RelayError } from "@fanin/core";
import { type FetchFunction, type Logger, LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import type { z } from "zod";
import { toRelayError, unreachable } from "./errors.ts";

/** How the adapter reaches Slack's Web API. */
export interface ApiOptions {
  /** Another Slack-compatible server, as `https://…/api/`. */
  readonly apiUrl?: string;
  /** Ends every call under way; they reject as `stopped`. */
  readonly signal: AbortSignal;
}

/** One call is one POST, never repeated here. Rejects with `RelayError` only. */
export type SlackApi = <Answer>(
  method: string,
  args: Readonly<Record<string, unknown>>,
  answer: z.ZodType<Answer>,
) => Promise<Answer>;

const answerWithinMs = 15_000;

export function createApi(token: string, options: ApiOptions): SlackApi {
  const client = new WebClient(token, { ...clientOptions(options), timeout: answerWithinMs });
  return async (method, args, answer) => {
    const raw = await client.apiCall(method, { ...args }).catch((error: unknown) => {
      if (options.signal.aborted) throw stopped(error);
      throw toRelayError(error, method);
    });
    const parsed = answer.safeParse(raw);
    if (parsed.success) return parsed.data;
    throw unreachable(`The answer to ${method} was not of Slack's form.`, "unknown", parsed.error);
  };
}

export function stopped(cause: unknown): RelayError {
  return new RelayError("stopped", "The Slack adapter is closed.", { retry: "later", delivered: "unknown", cause });
}

/** The SDK's own retries would send twice and its waits would hold every channel up: the relay does both itself. */
export function clientOptions({ apiUrl, signal }: ApiOptions): WebClientOptions {
  const fetchUntilClosed: FetchFunction = (url, init) =>
    fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal });
  return {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
    fetch: fetchUntilClosed,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  };
}

/** What the SDK would print, message texts included, reaches the relay as errors and states. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
