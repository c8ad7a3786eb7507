import { describe } from "vitest";

const WITHOUT = "FANIN_TEST_WITHOUT_REAL_SERVERS";

/** A suite that needs the real servers; skipped, and saying so in its name, where the variable asks for it. */
export function describeReal(name: string, suite: () => void): void {
  if (process.env[WITHOUT] === "1") describe.skip(`${name} (skipped: ${WITHOUT}=1)`, suite);
  else describe(name, suite);
}
