import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "./load.ts";

const docs = new URL("../../../docs/", import.meta.url);
const VARIABLES = {
  GITTER_TOKEN: "gitter",
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  DISCORD_TOKEN: "discord",
};

test("the documented example is valid", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fanin-example-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(new URL("fanin.example.yaml", docs), join(folder, "fanin.yaml"));
  const registration = {
    id: "fanin",
    url: "http://127.0.0.1:9009",
    as_token: "a",
    hs_token: "h",
    sender_localpart: "fanin",
    namespaces: {},
  };
  await writeFile(join(folder, "registration.yaml"), JSON.stringify(registration));
  expect(await loadConfig(join(folder, "fanin.yaml"), VARIABLES)).toMatchObject({ config: { rooms: { ansible: {} } } });
});

test("every key of the example is documented", async () => {
  const text = await readFile(new URL("configuration.md", docs), "utf8");
  const Example = z.object({ networks: z.record(z.string(), z.record(z.string(), z.string())) }).loose();
  const example = Example.parse(parse(await readFile(new URL("fanin.example.yaml", docs), "utf8")));
  const keys = [
    ...Object.keys(example),
    ...Object.values(example.networks).flatMap(Object.keys),
    "hub",
    "irc",
    "links",
    "private",
    "bridge",
  ];
  for (const key of new Set(keys)) expect(text).toMatch(new RegExp(`\`${key}\\b`));
});
