import { setTimeout as pause } from "node:timers/promises";

/** Looks again and again until `look` gives something other than false, null or undefined, and returns that; after `timeoutMs` fails with `what` it waited for. */
export async function waitUntil<T>(
  what: string | (() => string),
  look: () => T | Promise<T>,
  timeoutMs = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (isFound(found)) return found;
    if (performance.now() > deadline)
      throw new Error(`Waited ${timeoutMs} ms in vain: ${typeof what === "string" ? what : what()}`);
    await pause(30);
  }
}

function isFound<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}
