import { createLimiter } from "../rates.ts";
import { limitExceeded } from "./matrix-error.ts";
import { matrixRates } from "./rates.ts";
import type { Caller } from "./sessions.ts";

/** Holds callers to the documented rates. */
export interface Limits {
  /** Counts one call, against `key` or else the caller; throws M_LIMIT_EXCEEDED where it is one too many. */
  check(what: keyof typeof matrixRates, caller: Caller, key?: string): void;
}

/** `scale` multiplies every rate; `Infinity` lifts them. */
export function createLimits(scale: number): Limits {
  if (!Number.isFinite(scale)) return { check: () => {} };
  const limiters = {
    message: createLimiter(matrixRates.message, scale),
    join: createLimiter(matrixRates.join, scale),
    invite: createLimiter(matrixRates.invite, scale),
    createRoom: createLimiter(matrixRates.createRoom, scale),
  };
  return {
    check: (what, caller, key) => {
      if (isExempt(caller)) return;
      const verdict = limiters[what](key ?? caller.account.id);
      if (!verdict.ok) throw limitExceeded(verdict.retryAfterMs);
    },
  };
}

function isExempt({ account, appService }: Caller): boolean {
  if (!appService) return false;
  return account.id === appService.sender || appService.registration.rate_limited === false;
}
