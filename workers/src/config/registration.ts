import { readFile } from "node:fs/promises";
import type { Registration } from "@fanin/adapter-matrix";
import { RelayError } from "@fanin/core";
import { describe, inOurWords } from "./describe.ts";
import { formatProblem, type Problem } from "./problem.ts";
import { reasonOf } from "./read-file.ts";
import { parseYaml } from "./yaml-file.ts";

/** Reads an application service's registration, with what is wrong in it. Never throws. */
export async function loadRegistration(
  path: string,
): Promise<{ readonly registration: Registration } | { readonly problems: readonly Problem[] }> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return { problems: [{ file: path, key: "", says: `the registration ${reasonOf(error)}.` }] };
  }
  const { Registration } = await import("@fanin/adapter-matrix");
  // The homeserver reads the same file and fills in nothing.
  const file = parseYaml(path, text, undefined);
  if (file.problems.length > 0) return { problems: file.problems };
  const parsed = Registration.safeParse(file.data, { error: inOurWords });
  if (parsed.success) return { registration: parsed.data };
  return { problems: describe(parsed.error).map(({ path: at, says }) => file.problem(at, says)) };
}

/** As `loadRegistration`; rejects with `bad-config`. */
export async function readRegistration(path: string): Promise<Registration> {
  const loaded = await loadRegistration(path);
  if ("registration" in loaded) return loaded.registration;
  throw new RelayError("bad-config", loaded.problems.map(formatProblem).join("\n"), { retry: "never" });
}
