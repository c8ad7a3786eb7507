import { afterEach, beforeEach } from "vitest";
import { endPrograms } from "./program.ts";
import { createVillage, type Village } from "./village.ts";

/** A village of its own for each test of the file that imports it; no program in it outlives the test. */
export let village: Village;

beforeEach(async () => {
  village = await createVillage();
});
afterEach(async () => {
  await endPrograms();
  await village.close();
});
