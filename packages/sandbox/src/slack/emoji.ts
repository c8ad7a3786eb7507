import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";

const dataset = z.array(
  z.object({
    unified: z.string(),
    short_names: z.array(z.string()),
    skin_variations: z.record(z.string(), z.object({ unified: z.string() })).optional(),
  }),
);

const tones = ["1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF"];

const tables = (() => {
  let read: { byName: Map<string, string>; byCharacter: Map<string, string> } | undefined;
  return () => {
    read ??= readTables();
    return read;
  };
})();

/** What Slack calls this emoji, without colons: `wave`, `wave::skin-tone-3`; undefined for what is none. */
export function emojiName(character: string): string | undefined {
  return tables().byCharacter.get(bare(character));
}

/** The code points Slack writes for a name, as `1f44b-1f3fc`; undefined for workspace emoji and for what is none. */
export function emojiUnicode(name: string): string | undefined {
  return tables().byName.get(name);
}

/** The character of code points as Slack writes them. */
export function emojiCharacter(unicode: string): string {
  return String.fromCodePoint(...unicode.split("-").map(point => Number.parseInt(point, 16)));
}

function readTables(): { byName: Map<string, string>; byCharacter: Map<string, string> } {
  const file = createRequire(import.meta.url).resolve("emoji-datasource/emoji.json");
  const byName = new Map<string, string>();
  const byCharacter = new Map<string, string>();
  const learn = (names: readonly string[], unified: string): void => {
    const unicode = unified.toLowerCase();
    for (const name of names) byName.set(name, unicode);
    const [first] = names;
    if (first !== undefined) byCharacter.set(bare(emojiCharacter(unicode)), first);
  };
  for (const emoji of dataset.parse(JSON.parse(readFileSync(file, "utf8")))) {
    learn(emoji.short_names, emoji.unified);
    for (const [tone, { unified }] of Object.entries(emoji.skin_variations ?? {})) {
      const index = tones.indexOf(tone);
      if (index >= 0) {
        learn(
          emoji.short_names.map(name => `${name}::skin-tone-${index + 2}`),
          unified,
        );
      }
    }
  }
  return { byName, byCharacter };
}

/** Without variation selector 16, which people's keyboards add or leave out. */
function bare(character: string): string {
  return character.replaceAll("\uFE0F", "");
}
