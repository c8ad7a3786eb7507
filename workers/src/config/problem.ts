export type KeyPath = readonly (string | number)[];

/** Something wrong in a file that a person wrote: where, what, and what to do about it. Never holds a secret. */
export interface Problem {
  readonly file: string;
  /** From 1; absent where the file as a whole is meant. */
  readonly line?: number;
  /** `rooms.ansible.links[1]`; empty where the file as a whole is meant. */
  readonly key: string;
  readonly says: string;
}

/** One line: `fanin.yaml:12 rooms.ansible.links[1]: …`. */
export function formatProblem({ file, line, key, says }: Problem): string {
  return `${file}${line === undefined ? "" : `:${line}`}${key === "" ? "" : ` ${key}`}: ${says}`;
}

export function formatKeyPath(path: KeyPath): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}
