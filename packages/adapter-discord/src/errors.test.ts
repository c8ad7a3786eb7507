import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import { RelayError } from "@fanin/core";
import { describe, expect, test } from "vitest";
import { fatalClose, ThreadArchived, toRelayError } from "./errors.ts";

const url = "https://discord.com/api/v10/webhooks/1/very-secret-token";
const request = { files: undefined, body: { content: "very private words" } };

function answered(status: number, code: number): RelayError {
  return toRelayError(new DiscordAPIError({ message: "No", code }, code, status, "POST", url, request));
}

describe("what Discord answers", () => {
  test.each([
    [404, 10008, "not-found", "never"],
    [404, 10003, "not-found", "never"],
    [404, 10015, "unprepared", "later"],
    [401, 50027, "unprepared", "later"],
    [401, 0, "unauthorized", "never"],
    [403, 50001, "forbidden", "never"],
    [403, 50013, "forbidden", "never"],
    [400, 30046, "rate-limited", "later"],
    [400, 50035, "rejected", "never"],
  ])("%i %i is %s, %s", (status, code, expected, retry) => {
    expect(answered(status, code)).toMatchObject({ code: expected, retry, delivered: "no" });
  });

  test("tells a closed thread apart", () => {
    expect(answered(400, 50083).cause).toBeInstanceOf(ThreadArchived);
  });

  test("a wrong token comes with its cure", () => {
    expect(answered(401, 0).finding).toMatchObject({ id: "wrong-token", severity: "refuse" });
  });

  test("nothing of the request stays in the error", () => {
    const server = new HTTPError(502, "Bad Gateway", "POST", url, request);
    for (const error of [answered(400, 50035), answered(404, 10015), toRelayError(server)]) {
      const { message, cause, finding } = error;
      expect(JSON.stringify({ message, cause, finding, own: { ...error } })).not.toMatch(/secret|private/);
    }
  });
});

test("an error of the server leaves open whether it took effect", () => {
  const error = toRelayError(new HTTPError(500, "", "POST", url, request));
  expect(error).toMatchObject({ code: "unreachable", retry: "later", delivered: "unknown" });
});

test("a limit says when to come again", () => {
  const limit = { timeToReset: 900, retryAfter: 1000, sublimitTimeout: 0, limit: 5, method: "POST", hash: "", url };
  const error = toRelayError(
    new RateLimitError({ ...limit, route: "/webhooks/:id/:token", majorParameter: "", global: false, scope: "user" }),
  );
  expect(error).toMatchObject({ code: "rate-limited", retry: "later", delivered: "no", retryAfterMs: 1000 });
});

test.each([
  ["ECONNREFUSED", "no"],
  ["ENOTFOUND", "no"],
  ["ECONNRESET", "unknown"],
  ["UND_ERR_SOCKET", "unknown"],
])("%s: delivered %s", (code, delivered) => {
  expect(toRelayError(Object.assign(new Error("x"), { code }))).toMatchObject({ code: "unreachable", delivered });
});

test("a RelayError stays as it is", () => {
  const error = new RelayError("stopped", "x", { retry: "later" });
  expect(toRelayError(error)).toBe(error);
});

test("only some closes of the gateway are final", () => {
  expect(fatalClose(4004)).toMatchObject({ code: "unauthorized", finding: { id: "wrong-token" } });
  expect(fatalClose(4014)).toMatchObject({ code: "unauthorized", finding: { id: "missing-intent" } });
  expect(fatalClose(4013)).toMatchObject({ code: "rejected" });
  expect([1000, 1006, 4000, 4009].map(fatalClose)).toEqual([undefined, undefined, undefined, undefined]);
});
