/** A documented limit: at most `amount` calls in `intervalMs` per `per`. */
export interface Rate {
  readonly calls: string;
  readonly per: "account" | "channel" | "method" | "webhook";
  readonly amount: number;
  readonly intervalMs: number;
  /** Calls that may come at once before the rate holds; `amount` unless given. */
  readonly burst?: number;
}

/** What a limiter says of one call: let it through, or ask to come again. */
export interface Verdict {
  readonly ok: boolean;
  readonly retryAfterMs: number;
  readonly remaining: number;
}

/** A token bucket per key. `scale` multiplies the amounts, so that a test may run the same limits faster; `Infinity` lifts them. */
export function createLimiter(rate: Rate, scale = 1): (key: string) => Verdict {
  const burst = Math.max(1, (rate.burst ?? rate.amount) * scale);
  const perMs = (rate.amount * scale) / rate.intervalMs;
  if (scale === Number.POSITIVE_INFINITY)
    return () => ({ ok: true, retryAfterMs: 0, remaining: Number.POSITIVE_INFINITY });
  const buckets = new Map<string, { tokens: number; at: number }>();
  return key => {
    const now = performance.now();
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return { ok: true, retryAfterMs: 0, remaining: Math.floor(bucket.tokens) };
    }
    return { ok: false, retryAfterMs: Math.ceil((1 - bucket.tokens) / perMs), remaining: 0 };
  };
}
