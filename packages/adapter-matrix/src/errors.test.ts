import { RelayError } from "@fanin/core";
import { expect, test } from "vitest";
import { errcodeOf, translate } from "./errors.ts";
import { MatrixError } from "./sdk.ts";

function answered(
  status: number,
  errcode: string,
  body: object = {},
  headers: Record<string, string> = {},
): MatrixError {
  return new MatrixError({ errcode, error: "secret words", ...body, retry_after_ms: 0, ...body }, status, headers);
}

test.each([
  [
    answered(429, "M_LIMIT_EXCEEDED", { retry_after_ms: 700 }),
    { code: "rate-limited", retry: "later", retryAfterMs: 700 },
  ],
  [answered(429, "M_LIMIT_EXCEEDED", {}, { "retry-after": "3" }), { code: "rate-limited", retryAfterMs: 3000 }],
  [answered(401, "M_UNKNOWN_TOKEN"), { code: "unauthorized", retry: "never", finding: { id: "wrong-token" } }],
  [answered(400, "M_UNKNOWN_DEVICE"), { code: "unprepared", retry: "later", delivered: "no" }],
  [answered(403, "M_FORBIDDEN"), { code: "forbidden", retry: "never" }],
  [answered(404, "M_NOT_FOUND"), { code: "not-found", retry: "never" }],
  [answered(413, "M_TOO_LARGE"), { code: "rejected", retry: "never", delivered: "no" }],
  [answered(500, "M_UNKNOWN"), { code: "unreachable", retry: "later", delivered: "unknown" }],
  [
    { statusCode: 502, body: "<html>" },
    { code: "unreachable", retry: "later", delivered: "unknown" },
  ],
  [
    { statusCode: 429, body: "" },
    { code: "rate-limited", retryAfterMs: 1000 },
  ],
  [
    { statusCode: 404, body: "<html>" },
    { code: "rejected", retry: "never" },
  ],
  [Object.assign(new Error(), { code: "ECONNREFUSED" }), { code: "unreachable", retry: "later", delivered: "no" }],
  [
    Object.assign(new Error(), { code: "UND_ERR_SOCKET" }),
    { code: "unreachable", retry: "later", delivered: "unknown" },
  ],
  [new Error("anything"), { code: "unreachable", retry: "later", delivered: "unknown" }],
])("%o", (thrown, expected) => {
  expect(translate(thrown, "GET /x")).toMatchObject(expected);
});

test("a translated error is not translated again, keeps the homeserver's code and not its words", () => {
  const error = translate(answered(400, "M_USER_IN_USE"), "POST /register");
  expect(translate(error, "GET /y")).toBe(error);
  expect(errcodeOf(error)).toBe("M_USER_IN_USE");
  expect(errcodeOf(new RelayError("rejected", "x", { retry: "never" }))).toBeUndefined();
  expect(error.message).not.toContain("secret words");
});
