import { RelayError } from "@fanin/core";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { expect, test } from "vitest";
import { refusalOf, toRelayError } from "./errors.ts";

const refused = (error: string, more = {}) => new WebAPIPlatformError({ ok: false, error, ...more });
const failed = (code: string) => new WebAPIRequestError(new TypeError("fetch failed", { cause: networkError(code) }));
const networkError = (code: string) => Object.assign(new Error(code), { code });

const cases: [error: unknown, expected: Partial<RelayError>][] = [
  [new WebAPIRateLimitedError(7), { code: "rate-limited", retry: "later", delivered: "no", retryAfterMs: 7000 }],
  [refused("ratelimited"), { code: "rate-limited", retry: "later", delivered: "no", retryAfterMs: 30_000 }],
  [refused("invalid_auth"), { code: "unauthorized", retry: "never", delivered: "no" }],
  [refused("not_in_channel"), { code: "forbidden", retry: "never", delivered: "no" }],
  [refused("message_not_found"), { code: "not-found", retry: "never", delivered: "no" }],
  [refused("cant_update_message"), { code: "rejected", retry: "never", delivered: "no" }],
  [refused("edit_window_closed"), { code: "rejected", retry: "never", delivered: "no" }],
  [refused("a_word_of_tomorrow"), { code: "rejected", retry: "never", delivered: "no" }],
  [refused("fatal_error"), { code: "unreachable", retry: "later", delivered: "unknown" }],
  [refused("<html>a proxy</html>"), { code: "unreachable", retry: "later", delivered: "unknown" }],
  [new WebAPIHTTPError(502, "Bad Gateway", {}, ""), { code: "unreachable", retry: "later", delivered: "unknown" }],
  [new WebAPIHTTPError(404, "Not Found", {}, ""), { code: "rejected", retry: "never", delivered: "no" }],
  [failed("ECONNREFUSED"), { code: "unreachable", retry: "later", delivered: "no" }],
  [failed("ECONNRESET"), { code: "unreachable", retry: "later", delivered: "unknown" }],
  [new WebAPIRequestError(new DOMException("", "TimeoutError")), { code: "unreachable", delivered: "unknown" }],
  ["something else", { code: "unreachable", retry: "later", delivered: "unknown" }],
];

test.each(cases)("%s", (error, expected) => {
  expect(toRelayError(error, "chat.postMessage")).toMatchObject(expected);
});

test("names the missing scope and where to add it", () => {
  const { finding } = toRelayError(refused("missing_scope", { needed: "channels:history" }), "conversations.history");
  expect(finding?.id).toBe("missing-scope");
  expect(finding?.cure).toContain("Add channels:history at https://api.slack.com/apps");
});

test.each([refused("unknown_method"), new WebAPIHTTPError(404, "Not Found", {}, "")])(
  "%s: the address is wrong",
  error => {
    const { finding, message } = toRelayError(error, "auth.test");
    expect(finding?.id).toBe("not-slack");
    expect(message).toContain("Set `apiUrl` to the base URL of the Web API, which ends in /api/");
  },
);

test("keeps Slack's word, and leaves our own errors alone", () => {
  const error = toRelayError(refused("thread_not_found"), "conversations.replies");
  expect(refusalOf(error)).toBe("thread_not_found");
  expect(toRelayError(error, "other")).toBe(error);
  expect(refusalOf(new RelayError("stopped", "", { retry: "later" }))).toBeUndefined();
});

test("repeats nothing of what a proxy answered", () => {
  expect(toRelayError(refused("<html>secret</html>"), "auth.test").message).not.toContain("secret");
});
