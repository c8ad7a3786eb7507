import { type ErrorCode, type Finding, RelayError } from "@fanin/core";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { missingScope, notSlack, wrongToken } from "./findings.ts";

/** https://docs.slack.dev/reference/methods: the words that Slack answers with `ok: false`, as far as they tell what to do. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  ...codes("unauthorized", [
    ...["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"],
    ...["not_allowed_token_type", "no_permission", "user_removed_from_team", "team_disabled", "access_denied"],
  ]),
  ...codes("forbidden", [
    ...["not_in_channel", "is_archived", "is_inactive", "restricted_action", "restricted_action_read_only_channel"],
    ...["restricted_action_thread_only_channel", "restricted_action_non_threadable_channel"],
  ]),
  ...codes("not-found", [
    ...["channel_not_found", "message_not_found", "thread_not_found", "user_not_found", "bot_not_found"],
  ]),
  ...codes("rate-limited", ["ratelimited", "rate_limited", "message_limit_exceeded"]),
  // Slack says of these that part of the work may have been done.
  ...codes("unreachable", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"]),
};

/** Connections that never came to be: nothing can have been delivered. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

const busyRetryAfterMs = 30_000;

/**
 * Any failure of Slack's SDK as the error that the relay acts on. Names the method and Slack's own word, never a token or
 * a text. `delivered` is `unknown` wherever the call may have taken effect.
 */
export function toRelayError(error: unknown, method: string): RelayError {
  if (error instanceof RelayError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new RelayError("rate-limited", `Slack asks to slow down on ${method}.`, {
      retry: "later",
      retryAfterMs,
      cause: error,
    });
  }
  if (error instanceof WebAPIPlatformError) return refused(error, method);
  if (error instanceof WebAPIHTTPError && error.statusCode < 500) {
    const says = `Slack answered ${method} with HTTP ${error.statusCode}. ${notSlack.cure}`;
    return new RelayError("rejected", says, { retry: "never", finding: notSlack, cause: error });
  }
  const delivered = error instanceof WebAPIRequestError && neverConnected.has(causeCode(error)) ? "no" : "unknown";
  return unreachable(`Slack could not be reached, or gave no answer to ${method}.`, delivered, error);
}

/** Slack's own word for a refusal, from an error of `toRelayError`. */
export function refusalOf(error: unknown): string | undefined {
  const cause = error instanceof RelayError ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : undefined;
}

export function unreachable(says: string, delivered: "no" | "unknown", cause?: unknown): RelayError {
  return new RelayError("unreachable", says, { retry: "later", delivered, cause });
}

function refused(error: WebAPIPlatformError, method: string): RelayError {
  const word = error.data.error;
  // Where a proxy answered in Slack's place, the SDK puts the whole page here.
  if (!/^[a-z0-9_]{1,80}$/.test(word)) return unreachable(`The answer to ${method} was not Slack's.`, "unknown");
  const code = refusals[word] ?? "rejected";
  if (code === "unreachable") return unreachable(`Slack failed at ${method} (${word}).`, "unknown", error);
  const finding = code === "unauthorized" ? unauthorized(word, error.data) : misled(word);
  return new RelayError(code, `Slack refused ${method} (${word}).${finding ? ` ${finding.cure}` : ""}`, {
    retry: code === "rate-limited" ? "later" : "never",
    ...(code === "rate-limited" && { retryAfterMs: busyRetryAfterMs }),
    ...(finding && { finding }),
    cause: error,
  });
}

function misled(word: string): Finding | undefined {
  return word === "unknown_method" ? notSlack : undefined;
}

function unauthorized(word: string, data: object): Finding {
  if (word !== "missing_scope") return wrongToken("A Slack token", word);
  return missingScope("needed" in data ? String(data.needed).split(",") : ["unknown"]);
}

function causeCode(error: Error): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && neverConnected.has(at.code)) return at.code;
  }
  return "";
}

function codes(code: ErrorCode, words: readonly string[]): Record<string, ErrorCode> {
  return Object.fromEntries(words.map(word => [word, code]));
}
