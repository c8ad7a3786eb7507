import { RelayError } from "./errors.ts";
import type { Machine } from "./machine.ts";

/** How long to wait before try number `attempt` (from 0): doubles from half a second to a minute, with jitter. */
export function backoffMs(attempt: number): number {
  const ms = Math.min(60_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ms * (0.75 + Math.random() / 2));
}

/** Anything thrown as a RelayError. What an adapter did not translate is a defect: its fate is unknown, try again. */
export function asRelayError(thrown: unknown): RelayError {
  if (thrown instanceof RelayError) return thrown;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new RelayError("unreachable", `unexpected error: ${what}`, {
    retry: "later",
    delivered: "unknown",
    cause: thrown,
  });
}

/**
 * Tries once and resolves; where a later try may succeed, goes on in the background with growing pauses until it does or
 * the relay stops. Rejects where the first try says never.
 */
export async function tryOn(machine: Machine, what: string, call: () => Promise<void>, attempt = 0): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    const error = asRelayError(thrown);
    if (machine.signal.aborted) return;
    if (error.retry === "never") throw error;
    const afterMs = error.retryAfterMs ?? backoffMs(attempt);
    machine.tell({ type: "retrying", what, error, afterMs });
    machine.clock.after(afterMs, () => {
      if (!machine.signal.aborted) void tryOn(machine, what, call, attempt + 1).catch(machine.broken);
    });
  }
}
