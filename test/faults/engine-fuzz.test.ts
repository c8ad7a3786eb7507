import { describe, expect, test } from "vitest";
import { tellStory } from "./fuzz/tell-story.ts";

/** Some that found defects when the fuzz was written, among thirty in a row. */
const known = Array.from({ length: 30 }, (_, at) => at + 1);
/** One that nobody has tried. `FANIN_FUZZ_SEED=1,2` tells those stories instead. */
// Known to be doubled still, two stories in fifteen hundred: 40419, 41186.
const fresh = Math.floor(Math.random() * 2 ** 31);
const asked = process.env["FANIN_FUZZ_SEED"];
const seeds = asked === undefined ? [...known, fresh] : asked.split(",").map(Number);

describe("whatever goes wrong, nothing is lost, doubled, out of order or comes back", () => {
  test.each(seeds)("with FANIN_FUZZ_SEED=%i", async seed => {
    expect(await tellStory(seed)).toEqual([]);
  });
});
