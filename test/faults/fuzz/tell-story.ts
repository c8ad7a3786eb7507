import { vi } from "vitest";
import { judge } from "./oracle.ts";
import { seeded } from "./random.ts";
import { type Sabotage, Story } from "./story.ts";

/** Plays the story of a seed; resolves to what is wrong with its end. The same for the same seed and engine. */
export async function tellStory(seed: number, sabotage?: Sabotage): Promise<string[]> {
  // The one chance in the engine is the jitter of its pauses.
  const jitter = vi.spyOn(Math, "random").mockImplementation(seeded(seed + 1).next);
  try {
    const story = new Story(seed, sabotage);
    await story.run();
    return await judge(story);
  } finally {
    jitter.mockRestore();
  }
}
