import { readFileSync } from "node:fs";
import { z } from "zod";
import { characterOf } from "./rich-text.ts";

const Dataset = z.array(
  z.object({
    unified: z.string(),
    short_names: z.array(z.string()),
    skin_variations: z.record(z.string(), z.object({ unified: z.string() })).optional(),
  }),
);

/** Slack's `skin-tone-2` to `skin-tone-6`, by the code point that follows the emoji. */
const tones = ["1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF"];

let table: ReadonlyMap<string, string> | undefined;

/**
 * The character of a standard emoji by Slack's name without colons (`wave`, `wave::skin-tone-3`); undefined where it is
 * none. Reads its table at the first call: people's messages never need it, only bots' mrkdwn does.
 */
export function emojiCharacter(name: string): string | undefined {
  table ??= readTable();
  return table.get(name);
}

function readTable(): ReadonlyMap<string, string> {
  const file = new URL(import.meta.resolve("emoji-datasource/emoji.json"));
  const characters = new Map<string, string>();
  for (const emoji of Dataset.parse(JSON.parse(readFileSync(file, "utf8")))) {
    for (const name of emoji.short_names) {
      characters.set(name, characterOf(emoji.unified));
      tones.forEach((tone, index) => {
        const toned = emoji.skin_variations?.[tone];
        if (toned) characters.set(`${name}::skin-tone-${index + 2}`, characterOf(toned.unified));
      });
    }
  }
  return characters;
}
