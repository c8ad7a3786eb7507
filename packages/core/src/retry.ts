import { isStoreError, RelayError } from "./errors.ts";
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
 * Calls until it succeeds or the relay stops, with growing pauses; `tried` after each time. Rejects where a network says
 * never. A store is asked again whatever it says: a disk is mended, and what fanin knows may not be given up meanwhile.
 */
export async function persist(
  machine: Machine,
  what: string,
  call: () => Promise<void>,
  tried: () => void = () => undefined,
): Promise<void> {
  const { clock, signal, tell } = machine;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await call();
    } catch (thrown) {
      const error = asRelayError(thrown);
      if (signal.aborted) return;
      if (error.retry === "never" && !isStoreError(error)) throw error;
      const afterMs = error.retryAfterMs ?? backoffMs(attempt);
      tell({ type: "retrying", what, error, afterMs });
      tried();
      await clock.sleep(afterMs, signal);
    }
  }
}
