import type { Finding } from "./model/finding.ts";

/** What went wrong, for code to act on. The list is closed; messages are for people. */
export type ErrorCode =
  | "rate-limited" // the network asks to come again after `retryAfterMs`
  | "unreachable" // no answer, or a 5xx
  | "unauthorized" // the token is wrong, revoked, or lacks a scope
  | "forbidden" // the account may not do this here: not a member, power too low
  | "not-found" // the message or channel is gone
  | "unprepared" // what `prepare` makes is gone (a webhook): prepare again, then send again
  | "rejected" // the network refuses this very payload for good
  | "bad-config" // what a person wrote cannot work
  | "store-in-use" // another process has the store open
  | "store-newer" // written by a newer version
  | "store-full" // the disk is full
  | "store-broken" // the store can't be read or written
  | "lease-lost" // a commit by somebody who no longer holds the lane
  | "stopped"; // the relay is stopping

export interface RelayErrorOptions {
  /** `later`: the same call may succeed if repeated. */
  readonly retry: "never" | "later";
  /** `unknown`: the call may have taken effect although it failed. */
  readonly delivered?: "no" | "unknown";
  readonly retryAfterMs?: number;
  /** The same in a form for `fanin check`, where the cause is one a maintainer can mend. */
  readonly finding?: Finding;
  readonly cause?: unknown;
}

/** The one error of fanin. Its message tells a person what to do and never holds a token or a message's text. */
export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly code: ErrorCode;
  readonly retry: "never" | "later";
  readonly delivered: "no" | "unknown";
  readonly retryAfterMs: number | undefined;
  readonly finding: Finding | undefined;

  constructor(code: ErrorCode, message: string, options: RelayErrorOptions) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
    this.delivered = options.delivered ?? "no";
    this.retryAfterMs = options.retryAfterMs;
    this.finding = options.finding;
  }
}

/** The store failed, not a network: nothing that a network said may be concluded from it. */
export function isStoreError({ code }: RelayError): boolean {
  return code.startsWith("store-");
}
