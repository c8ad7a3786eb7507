import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { fillIn, hideVariables, type Variables } from "./environment.ts";
import { formatKeyPath, type KeyPath, type Problem } from "./problem.ts";

/** A YAML file with its variables filled in, and a way to point at a place in it. */
export interface YamlFile {
  /** Undefined where the file is not YAML. */
  readonly data: unknown;
  /** Syntax errors, keys written twice, variables that are not set. */
  readonly problems: readonly Problem[];
  /** Names the place; a value that came from a variable shows as the variable. */
  problem(path: KeyPath, says: string): Problem;
}

/** `variables: undefined` takes the text as it stands. Never throws: what is wrong is in `problems`. */
export function parseYaml(file: string, text: string, variables: Variables | undefined): YamlFile {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: "silent", stringKeys: true } as const;
  const document = parseDocument(variables ? hideVariables(text) : text, options);
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const read = readData(document, text);
  const filled = variables ? fillIn(read.data, variables) : { data: read.data, missing: [], redact: String };
  const problem = (path: KeyPath, says: string): Problem => ({
    file,
    line: lineAt(offsetOf(document.contents, path)),
    key: formatKeyPath(path),
    says: filled.redact(says),
  });
  const slips = read.slips.map(({ offset, says }) => ({ file, line: lineAt(offset), key: "", says }));
  const missing = filled.missing.map(({ path, says }) => problem(path, says));
  return { data: filled.data, problems: [...slips, ...missing], problem };
}

interface Slip {
  readonly offset: number;
  readonly says: string;
}

function readData(document: Document, text: string): { readonly data?: unknown; readonly slips: readonly Slip[] } {
  const twice = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  // One slip makes a parser stumble often: only the first is worth reading.
  const first = document.errors.find(({ code }) => code !== "DUPLICATE_KEY");
  if (first || twice.length > 0) {
    const slips = twice.map(({ pos: [offset] }) => ({
      offset,
      says: `${keyAt(text, offset)} is written twice; keep one.`,
    }));
    if (!first) return { slips };
    return { slips: [...slips, { offset: first.pos[0], says: notYaml(first.message) + hashHint(text, first.pos[0]) }] };
  }
  try {
    return { data: document.toJS({ maxAliasCount: 100 }), slips: [] };
  } catch (error) {
    // Aliases are followed only now: one may have no anchor.
    return { slips: [{ offset: 0, says: notYaml(error instanceof Error ? error.message : String(error)) }] };
  }
}

function notYaml(message: string): string {
  return `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, "")}.`;
}

/** A `#` that cuts a line short is noticed by a parser only further down. */
function hashHint(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const cut = before.split("\n").findLastIndex(line => /^[^"'#]*[:[,]\s+#\S/.test(line));
  return cut === -1 ? "" : ` A value that starts with # needs quotes: see line ${cut + 1}.`;
}

function keyAt(text: string, offset: number): string {
  return /^[^:\s]+/.exec(text.slice(offset))?.[0] ?? "a key";
}

/** Where the path's key stands; where it is missing, what it is missing from. */
function offsetOf(root: unknown, path: KeyPath): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: written }) => isScalar(written) && written.value === key);
      if (!pair) break;
      offset = startOf(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = isNode(node) ? startOf(node) : offset;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
