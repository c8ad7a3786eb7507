import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "./load.ts";
import { formatProblem } from "./problem.ts";
import { readRegistration } from "./registration.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-config-"));
  await writeFile(join(folder, "registration.yaml"), REGISTRATION);
});
afterAll(() => rm(folder, { recursive: true }));

const REGISTRATION = `id: fanin
url: http://127.0.0.1:9009
as_token: as-token-of-the-hub
hs_token: hs-token-of-the-hub
sender_localpart: fanin
namespaces: { users: [{ exclusive: true, regex: "@_fanin_.*" }] }
`;

const VARIABLES = { BOT: "xoxb-bot-token", APP: "xapp-app-token", DISCORD: "discord-token", GITTER: "gitter-token" };

/** A valid configuration; tests change one line of it. */
const VALID = `networks:
  hub: { adapter: matrix, homeserver: https://matrix.example.org, registration: ./registration.yaml, listen: 127.0.0.1:9009 }
  gitter: { adapter: matrix, homeserver: https://gitter.im, accessToken: \${GITTER} }
  slack: { adapter: slack, botToken: \${BOT}, appToken: \${APP} }
  discord: { adapter: discord, token: \${DISCORD} }
rooms:
  ansible:
    hub: "hub:#ansible:example.org"
    irc: { network: libera, channel: "#ansible", bridge: portal }
    links: ["slack:C024BE91L", { channel: "discord:290926798626357999", private: true }]
store: ./fanin.db
http: { listen: 127.0.0.1:8080 }
`;

async function load(text: string): ReturnType<typeof loadConfig> {
  const path = join(folder, "fanin.yaml");
  await writeFile(path, text);
  return loadConfig(path, VARIABLES);
}

/** What is said of the text, without the folder. */
async function problemsOf(text: string): Promise<string[]> {
  const loaded = await load(text);
  return "problems" in loaded ? loaded.problems.map(formatProblem).map(line => line.replaceAll(`${folder}/`, "")) : [];
}

test("reads a configuration, with paths from its own folder", async () => {
  const loaded = await load(VALID);
  if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  const { http, networks, rooms, store } = loaded.config;
  expect({ http, rooms, store }).toEqual({
    http: { listen: "127.0.0.1:8080" },
    rooms: {
      ansible: {
        hub: { channel: "hub:#ansible:example.org" },
        irc: { network: "libera", channel: "#ansible", bridge: "portal" },
        links: [{ channel: "slack:C024BE91L" }, { channel: "discord:290926798626357999", private: true }],
      },
    },
    store: join(folder, "fanin.db"),
  });
  expect(networks).toMatchObject({
    hub: { registration: join(folder, "registration.yaml"), listen: "127.0.0.1:9009" },
  });
});

test("keeps tokens readable to those who ask, and to nobody else", async () => {
  const loaded = await load(VALID);
  if ("problems" in loaded) throw new Error("this is valid");
  const printed = [inspect(loaded, { depth: 9 }), JSON.stringify(loaded), `${Object.values(loaded.config.networks)}`];
  for (const token of Object.values(VARIABLES)) expect(printed.join()).not.toContain(token);
  expect(
    Object.values(loaded.config.networks).flatMap(network => ("token" in network ? network.token.reveal() : [])),
  ).toEqual(["discord-token"]);
});

const Slips = z.array(z.object({ what: z.string(), change: z.string(), to: z.string(), says: z.array(z.string()) }));
const slips = Slips.parse(parse(await readFile(new URL("./fixtures/problems.yaml", import.meta.url), "utf8")));

test.each(slips)("says of $what where it is and what to do", async ({ change, says, to }) => {
  expect(VALID).toContain(change);
  expect(await problemsOf(VALID.replace(change, () => to))).toEqual(says);
});

test("says all that is wrong at once, in the order of the file", async () => {
  const text = VALID.replace("adapter: discord", "adapter: discrod")
    .replace("slack:C024BE91L", "slak:C024BE91L")
    .replace("./fanin.db", "redis://localhost");
  expect((await problemsOf(text)).map(line => line.split(" ", 2).join(" "))).toEqual([
    "fanin.yaml:5 networks.discord.adapter:",
    "fanin.yaml:10 rooms.ansible.links[0]:",
    "fanin.yaml:11 store:",
  ]);
});

test("points into the registration where that is wrong", async () => {
  const path = join(folder, "registration.yaml");
  await writeFile(path, REGISTRATION.replace("as-token-of-the-hub", "").replace("sender_localpart", "sender"));
  const problems = await problemsOf(VALID);
  await writeFile(path, REGISTRATION);
  expect(problems).toEqual([
    "registration.yaml:1 sender_localpart: is missing.",
    "registration.yaml:3 as_token: is empty; a value that starts with # needs quotes.",
  ]);
});

test("takes the registration as the homeserver does, dollar signs and all", async () => {
  const path = join(folder, "registration.yaml");
  await writeFile(path, REGISTRATION.replace("as-token-of-the-hub", `"a\${BOT}b"`));
  expect((await readRegistration(path)).as_token).toBe(`a\${BOT}b`);
  await writeFile(path, REGISTRATION);
});

test("a file that is not there, is empty, or is no map", async () => {
  const missing = await loadConfig(join(folder, "nothing.yaml"));
  expect(missing).toEqual({
    problems: [
      { file: join(folder, "nothing.yaml"), key: "", says: "does not exist; name the configuration with -c." },
    ],
  });
  expect(await problemsOf("# nothing yet\n")).toEqual(["fanin.yaml: is empty: it describes networks and rooms."]);
  expect(await problemsOf("- a list\n")).toEqual(["fanin.yaml:1: must be a map."]);
});
