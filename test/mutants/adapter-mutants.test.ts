import { adapterContract, createFakeNetwork } from "@fanin/core/contract";
import { describe, expect, test } from "vitest";
import { adapterMutants, breakAdapter } from "./adapter.ts";

/** Runs the contract and resolves to the names of the cases that failed. */
async function failures(create: Parameters<typeof adapterContract>[1]): Promise<string[]> {
  const cases: [string, () => Promise<void>][] = [];
  adapterContract((name, run) => cases.push([name, run]), create);
  const outcomes = await Promise.all(
    cases.map(async ([name, run]) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return outcomes.flat();
}

describe("a network in memory keeps the adapter contract", () => {
  adapterContract(test, async () => createFakeNetwork());
});

describe("the adapter contract finds", () => {
  for (const [name, mutant] of Object.entries(adapterMutants)) {
    test(name, async () => {
      expect(await failures(async () => breakAdapter(createFakeNetwork(), mutant))).not.toEqual([]);
    });
  }
});
