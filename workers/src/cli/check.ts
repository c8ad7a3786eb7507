import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { createAdapters, linksOf, roomsOf } from "../fanin.ts";
import type { Answer } from "./ask-networks.ts";
import { failWithError, failWithProblems } from "./fail.ts";

export interface CheckOptions {
  readonly config: string;
  /** Asks the networks too. */
  readonly online: boolean;
  readonly json: boolean;
}

const PROMISE = "SQLite, synchronous=FULL: what is accepted survives a crash and a loss of power";

/** Says what a configuration means and whether it can work; writes nothing anywhere. Resolves to the exit code. */
export async function check({ config: path, json, online }: CheckOptions): Promise<number> {
  const loaded = await loadConfig(path);
  if ("problems" in loaded) {
    if (json)
      print({ ok: false, problems: loaded.problems.map(problem => ({ ...problem, line: problem.line ?? null })) });
    return json ? 1 : failWithProblems(loaded.problems);
  }
  const { config } = loaded;
  if (!json) for (const line of describeConfig(path, config)) console.log(line);
  try {
    const answers = online ? await ask(config) : [];
    const ok = answers.every(({ findings }) => findings.every(({ severity }) => severity !== "refuse"));
    if (json) print({ ok, store: { path: config.store, promise: PROMISE }, ...(online ? { answers } : {}) });
    else for (const answer of answers) for (const line of describeAnswer(answer)) console.log(line);
    return ok ? 0 : 1;
  } catch (error) {
    return failWithError(error);
  }
}

async function ask(config: Config): Promise<Answer[]> {
  const { askNetworks } = await import("./ask-networks.ts");
  const rooms = roomsOf(config);
  return askNetworks(await createAdapters(config, rooms), rooms);
}

function describeConfig(path: string, config: Config): string[] {
  const rooms = roomsOf(config);
  const unused = Object.keys(config.networks).filter(
    name => !rooms.flatMap(linksOf).some(({ channel }) => channel.startsWith(`${name}:`)),
  );
  return [
    `${path} is valid`,
    `store  ${config.store} (${PROMISE})`,
    ...rooms.map(
      room =>
        `room   ${room.name}: ${linksOf(room)
          .map(({ channel }) => channel)
          .join(" · ")}`,
    ),
    ...unused.map(name => `note   networks.${name} is in no room`),
    ...(config.http ? [`http   ${config.http.listen}`] : []),
  ];
}

function describeAnswer({ findings, id, what }: Answer): string[] {
  const name = id && id !== what ? `${what} (${id})` : what;
  if (findings.length === 0) return [`ok     ${name}`];
  return findings.map(
    ({ cure, says, severity }) => `${severity === "refuse" ? "refuse" : "warn  "} ${name}: ${says} ${cure}`,
  );
}

function print(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}
