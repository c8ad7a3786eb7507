import type { Context, MiddlewareHandler } from "hono";
import { createLimiter, type Rate } from "../rates.ts";

/** Which bucket a call falls into: a channel's or webhook's id. */
type KeyOf = (context: Context) => string;

/**
 * A route's own bucket: lets calls through with their X-RateLimit headers, or answers 429.
 * https://discord.com/developers/docs/topics/rate-limits
 */
export function limited(
  rate: Rate,
  scale: number,
  keyOf: KeyOf,
  scope: "user" | "shared" | "global" = "user",
): MiddlewareHandler {
  const limiter = createLimiter(rate, scale);
  const limit = Math.max(1, Math.floor(rate.amount * scale));
  const refillMs = rate.intervalMs / (rate.amount * scale);
  return async (context, next) => {
    const key = keyOf(context);
    const { ok, retryAfterMs, remaining } = limiter(key);
    if (!ok) return tooManyRequests(context, retryAfterMs, scope);
    await next();
    // What a channel's webhooks share, and the account's total, a caller learns only from a 429.
    if (scope !== "user") return undefined;
    const resetAfterMs = (limit - remaining) * refillMs;
    const { headers } = context.res;
    headers.set("X-RateLimit-Limit", String(limit));
    headers.set("X-RateLimit-Remaining", String(remaining));
    headers.set("X-RateLimit-Reset", ((Date.now() + resetAfterMs) / 1000).toFixed(3));
    headers.set("X-RateLimit-Reset-After", (resetAfterMs / 1000).toFixed(3));
    headers.set("X-RateLimit-Bucket", `${rate.per}-${rate.amount}-${rate.intervalMs}`);
    return undefined;
  };
}

/** 429. The header holds whole seconds, the body fractions. */
export function tooManyRequests(
  context: Context,
  retryAfterMs: number,
  scope: "user" | "shared" | "global" = "user",
): Response {
  const global = scope === "global";
  context.header("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
  context.header("X-RateLimit-Scope", scope);
  if (global) context.header("X-RateLimit-Global", "true");
  return context.json({ message: "You are being rate limited.", retry_after: retryAfterMs / 1000, global }, 429);
}
