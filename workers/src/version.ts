import { readFileSync } from "node:fs";

/** fanin's version, as its package says. */
export function version(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return version;
}
