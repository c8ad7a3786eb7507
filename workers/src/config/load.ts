import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { describe, inOurWords } from "./describe.ts";
import type { Variables } from "./environment.ts";
import type { Problem } from "./problem.ts";
import { reasonOf } from "./read-file.ts";
import { checkReferences } from "./references.ts";
import { loadRegistration } from "./registration.ts";
import { Config } from "./schema.ts";
import { parseYaml, type YamlFile } from "./yaml-file.ts";

export type Loaded = { readonly config: Config } | { readonly problems: readonly Problem[] };

/**
 * Reads a configuration and the files it names. Relative paths in it start from its folder and come back absolute.
 * Everything that is wrong is told at once. Never throws.
 */
export async function loadConfig(path: string, variables: Variables = process.env): Promise<Loaded> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return { problems: [{ file: path, key: "", says: `${reasonOf(error)}; name the configuration with -c.` }] };
  }
  const file = parseYaml(path, text, variables);
  if (file.data === null)
    return { problems: [{ file: path, key: "", says: "is empty: it describes networks and rooms." }] };
  if (file.data === undefined) return { problems: file.problems };
  const parsed = Config.safeParse(file.data, { error: inOurWords });
  const faults = [...(parsed.success ? [] : describe(parsed.error)), ...checkReferences(file.data)];
  const problems = [...file.problems, ...faults.map(({ path: at, says }) => file.problem(at, says))];
  if (!parsed.success) return { problems: inOrder(problems) };
  const config = withAbsolutePaths(parsed.data, dirname(resolve(path)));
  problems.push(...(await checkFiles(config, file)));
  return problems.length > 0 ? { problems: inOrder(problems) } : { config };
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const networks = Object.entries(config.networks).map(([name, network]) => [
    name,
    "registration" in network ? { ...network, registration: resolve(folder, network.registration) } : network,
  ]);
  return { ...config, networks: Object.fromEntries(networks), store: resolve(folder, config.store) };
}

async function checkFiles(config: Config, file: YamlFile): Promise<Problem[]> {
  const found = Object.entries(config.networks).map(async ([name, network]) => {
    if (!("registration" in network)) return [];
    const loaded = await loadRegistration(network.registration);
    if ("registration" in loaded) return [];
    return loaded.problems.map(problem =>
      problem.line === undefined
        ? file.problem(["networks", name, "registration"], `${problem.file}: ${problem.says}`)
        : problem,
    );
  });
  return [...(await Promise.all(found)).flat(), ...(await checkStoreFolder(config.store, file))];
}

async function checkStoreFolder(store: string, file: YamlFile): Promise<Problem[]> {
  const folder = dirname(store);
  const isFolder = await stat(folder).then(
    entry => entry.isDirectory(),
    () => false,
  );
  return isFolder
    ? []
    : [file.problem(["store"], `the folder ${folder} does not exist; make it, or name another file.`)];
}

/** A variable that is not set makes its value look empty: one thing said about a key is enough. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) {
    const place = `${problem.file} ${problem.line} ${problem.key}`;
    if (!first.has(place)) first.set(place, problem);
  }
  return [...first.values()].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
