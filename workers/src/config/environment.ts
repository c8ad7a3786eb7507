import type { KeyPath } from "./problem.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}` with every variable's value in its place. */
export interface Filled {
  readonly data: unknown;
  readonly missing: readonly { readonly path: KeyPath; readonly says: string }[];
  /** Puts the variables' names back where their values stand, in case one is a secret. */
  redact(text: string): string;
}

// Braces mean something in YAML: while it is parsed, characters of the private use area stand in for them, one for one.
const OPEN = "\uE000\uE001";
const LITERAL = "\uE002\uE003";
const CLOSE = "\uE004";
const HIDDEN = /([\uE000\uE002])[\uE001\uE003]([^\uE004]*)\uE004/g;

/** What is shorter keeps no secret, and could be part of any word. */
const SECRET_LENGTH = 8;

/** Makes `${NAME}` and the escaped `$${…}` plain text to YAML, quoted or not, and keeps every line where it is. */
export function hideVariables(yaml: string): string {
  return yaml.replaceAll(/(\$?)\$\{([^{}\r\n]*)\}/g, (_, escaped: string, name: string) =>
    escaped ? `${LITERAL}${name}${CLOSE}` : `${OPEN}${name}${CLOSE}`,
  );
}

/** Fills variables into the strings of parsed YAML; so no value can ever be read as YAML. Keys are left as written. */
export function fillIn(hidden: unknown, variables: Variables): Filled {
  const missing: { path: KeyPath; says: string }[] = [];
  const used = new Map<string, string>();

  function read(name: string, path: KeyPath): string {
    const value = variables[name];
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      missing.push({
        path,
        says: `\${${name}} names no environment variable; write \${NAME}, or $\${${name}} for the text itself.`,
      });
    } else if (!value) {
      const state = value === undefined ? "not set" : "empty";
      missing.push({ path, says: `the environment variable ${name} is ${state}; set it before starting fanin.` });
    } else if (value.length >= SECRET_LENGTH) used.set(value, name);
    return value ?? "";
  }

  function walk(node: unknown, path: KeyPath): unknown {
    if (typeof node === "string") {
      return node.replaceAll(HIDDEN, (_, kind: string, name: string) =>
        kind === "\uE000" ? read(name, path) : `\${${name}}`,
      );
    }
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        const shown = key.replaceAll(HIDDEN, (_, _kind, name: string) => `\${${name}}`);
        return [shown, walk(value, [...path, shown])];
      }),
    );
  }

  const data = walk(hidden, []);
  return { data, missing, redact: text => redact(text, used) };
}

function redact(text: string, used: ReadonlyMap<string, string>): string {
  let shown = text;
  for (const [value, name] of used) shown = shown.replaceAll(value, () => `\${${name}}`);
  return shown;
}
