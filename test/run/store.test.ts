import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { waitUntil } from "../real/wait-until.ts";
import { village } from "./each-village.ts";
import { type Program, type ProgramOptions, runProgram, startProgram } from "./program.ts";

async function start(config: string, options: ProgramOptions = {}): Promise<Program> {
  const program = startProgram(["run", "-c", config], { env: village.env, ...options });
  await program.hear(/channels active/);
  return program;
}

/** What `fanin run` says where it can't run. */
async function refusal(config: string, options: ProgramOptions = {}): Promise<string> {
  const { code, output } = await runProgram(["run", "-c", config, "--log-level", "silent"], {
    env: village.env,
    ...options,
  });
  expect(code).toBe(1);
  return output;
}

test("a database in use is refused with the pid that has it; the first keeps relaying", async () => {
  const config = await village.configure();
  const { pid } = await start(config);
  const store = join(village.folder, "fanin.db");
  const says = `fanin: ${store} is in use by process ${pid}: stop it first, or name another file as the store.\n`;
  expect(await refusal(config)).toBe(says);
  const resumed = await runProgram(["resume", "-c", config, "slack:C024BE91L"], { env: village.env });
  expect(resumed).toEqual({ code: 1, output: says });
  await village.relays("slack", ["hub"], "still here");
});

test("a database from a newer version is refused with the version that reads it, and left as it is", async () => {
  const config = await village.configure();
  const store = join(village.folder, "fanin.db");
  const first = await start(config);
  first.signal("SIGTERM");
  await first.ended;
  const database = new DatabaseSync(store);
  database.exec("PRAGMA user_version = 99; UPDATE meta SET value = '9.9.9' WHERE name = 'version'");
  database.close();
  expect(await refusal(config)).toMatch(
    /^fanin: .*\/fanin\.db was written by fanin 9\.9\.9 \(schema 99\) and this is fanin \S+ \(schema \d+\): run fanin 9\.9\.9 or newer, or name another file as the store\.\n$/,
  );
});

test("a file that is no database is refused and left as it is", async () => {
  const config = await village.configure();
  await writeFile(join(village.folder, "fanin.db"), "these are my notes, not a database\n".repeat(200));
  expect(await refusal(config)).toMatch(/^fanin: .*fanin\.db is not a database: name another file as the store\.\n$/);
});

test("a folder in place of the file is refused", async () => {
  const config = await village.configure();
  await mkdir(join(village.folder, "fanin.db"));
  expect(await refusal(config)).toMatch(/^fanin: .*fanin\.db can't be opened: .*\n$/);
});

test("a disk that is full from the start is refused", async () => {
  const config = await village.configure();
  expect(await refusal(config, { fileLimitKb: 8 })).toMatch(
    /^fanin: .*fanin\.db can't grow: the disk is full or a quota is reached\. Make room; nothing was lost\.\n$/,
  );
});

test("a disk that fills up while it runs is told, and nothing that was said is lost", async () => {
  const config = await village.configure();
  const first = await start(config, { fileLimitKb: 400 });
  const slack = village.place("slack");
  const lines: string[] = [];
  await waitUntil("the disk is full", async () => {
    lines.push(`line ${String(lines.length).padStart(3, "0")}`);
    await slack.say(slack.people[0]?.id ?? "", lines.at(-1) ?? "");
    return first.said().some(line => /can't grow: the disk is full/.test(line));
  });
  first.signal("SIGTERM");
  expect(await first.ended).toBe(0);
  await start(config);
  for (const name of ["hub", "gitter"]) {
    const heard = (): string[] =>
      village
        .place(name)
        .said()
        .flatMap(({ text }) => /line \d{3}/.exec(text) ?? []);
    await waitUntil(
      () => `${lines.length} lines in ${name}, not ${heard()}`,
      () => heard().length >= lines.length,
    );
    expect(heard()).toEqual(lines);
  }
});
