import type { z } from "zod";
import type { KeyPath } from "./problem.ts";

/** What schemas don't say themselves, in our words; for `safeParse(data, { error: inOurWords })`. */
export const inOurWords: z.core.$ZodErrorMap = issue => {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is missing.";
    if (issue.input === null) return "is empty; a value that starts with # needs quotes.";
    return `must be ${kinds.get(issue.expected) ?? issue.expected}, not ${kindOf(issue.input)}.`;
  }
  if (issue.code === "invalid_value") return `must be ${issue.values.map(String).join(" or ")}.`;
  if (issue.code === "invalid_key") return `${issue.issues[0]?.message}.`;
  return undefined;
};

/** Each thing wrong, with its place. */
export function describe(error: z.core.$ZodError): { readonly path: KeyPath; readonly says: string }[] {
  return error.issues.flatMap(issue => {
    const path = issue.path.map(key => (typeof key === "symbol" ? String(key) : key));
    if (issue.code !== "unrecognized_keys") return { path, says: issue.message };
    const says = issue.message.split("\n");
    return issue.keys.map((key, index) => ({ path: [...path, key], says: says[index] ?? "is not a known key" }));
  });
}

const kinds = new Map([
  ["string", "text"],
  ["record", "a map"],
  ["object", "a map"],
  ["array", "a list"],
  ["boolean", "true or false"],
]);

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a map";
  return typeof input === "string" ? "text" : `a ${typeof input}`;
}
