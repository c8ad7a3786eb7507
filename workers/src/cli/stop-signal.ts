const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Resolves with the first of SIGTERM and SIGINT; the second ends the process at once. */
export function stopSignal(): Promise<string> {
  const first = Promise.withResolvers<string>();
  let asked = false;
  const ask = (signal: keyof typeof NUMBERS): void => {
    if (asked) process.exit(128 + NUMBERS[signal]);
    asked = true;
    first.resolve(signal);
  };
  process.on("SIGTERM", ask);
  process.on("SIGINT", ask);
  return first.promise;
}
