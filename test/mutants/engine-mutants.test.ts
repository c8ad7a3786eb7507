import { describe, expect, test } from "vitest";
import { tellStory } from "../faults/fuzz/tell-story.ts";
import { engineMutants } from "./engine.ts";

describe("the engine's fuzz notices", () => {
  test.each(Object.entries(engineMutants))("%s", async (_name, { sabotage, seed }) => {
    expect(await tellStory(seed)).toEqual([]);
    expect(await tellStory(seed, sabotage)).not.toEqual([]);
  });
});
