/** Why a file could not be read, to stand after its name. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons.get(code) ?? `can't be read${code ? ` (${code})` : ""}`;
}

const reasons = new Map([
  ["ENOENT", "does not exist"],
  ["ENOTDIR", "does not exist"],
  ["EACCES", "may not be read by this user"],
  ["EISDIR", "is a folder, not a file"],
]);
