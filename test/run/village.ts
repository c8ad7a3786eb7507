import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Place, type Sandbox } from "@fanin/sandbox";
import { stringify } from "yaml";
import { freePort } from "../real/free-port.ts";
import { waitUntil } from "../real/wait-until.ts";

type Networks = Record<string, Record<string, unknown>>;

/** What a configuration for the sandbox's five places may have otherwise. */
export interface Changes {
  readonly networks?: Networks;
  readonly hub?: unknown;
  readonly links?: readonly unknown[];
  readonly store?: string;
  readonly http?: string;
}

/** The sandbox, with a folder for the program's files. */
export interface Village {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** The tokens, under the names by which the configuration asks for them. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes `fanin.yaml`; returns its path. */
  configure(changes?: Changes): Promise<string>;
  place(name: string): Place;
  /** A person of the place says something; resolves once each of the others shows it once. */
  relays(from: string, to: readonly string[], text: string): Promise<void>;
  close(): Promise<void>;
}

const variable = (name: string): string => `\${${name}}`;

export async function createVillage(): Promise<Village> {
  const listen = `127.0.0.1:${await freePort()}`;
  const sandbox = await createSandbox({ relayUrl: `http://${listen}`, rateScale: 50 });
  const folder = await mkdtemp(join(tmpdir(), "fanin-run-"));
  await writeFile(join(folder, "registration.yaml"), stringify(sandbox.registration));
  const { channels, discord, gitter, gitterToken, hub, places, slack } = sandbox;
  const networks: Networks = {
    hub: { adapter: "matrix", homeserver: hub.url, registration: "./registration.yaml", listen },
    gitter: { adapter: "matrix", homeserver: gitter.url, accessToken: variable("GITTER_TOKEN") },
    slack: {
      adapter: "slack",
      botToken: variable("SLACK_BOT_TOKEN"),
      appToken: variable("SLACK_APP_TOKEN"),
      apiUrl: slack.apiUrl,
    },
    discord: { adapter: "discord", token: variable("DISCORD_TOKEN"), apiUrl: discord.apiUrl },
  };
  const links = [`slack:${channels.slack}`, `discord:${channels.discord}`, `gitter:${channels.gitter}`];
  const placeOf = (name: string): Place => {
    const place = places.find(candidate => candidate.name === name);
    if (!place) throw new Error(`there is no place ${name}`);
    return place;
  };
  return {
    sandbox,
    folder,
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      DISCORD_TOKEN: discord.token,
      GITTER_TOKEN: gitterToken,
    },
    async configure(changes = {}) {
      const path = join(folder, "fanin.yaml");
      const config = {
        networks: { ...networks, ...changes.networks },
        rooms: { ansible: { hub: changes.hub ?? `hub:${channels.hub}`, links: changes.links ?? links } },
        store: changes.store ?? "./fanin.db",
        ...(changes.http ? { http: { listen: changes.http } } : {}),
      };
      await writeFile(path, stringify(config));
      return path;
    },
    place: placeOf,
    async relays(from, to, text) {
      const [person] = placeOf(from).people;
      if (!person) throw new Error(`nobody is in ${from}`);
      await placeOf(from).say(person.id, text);
      const missing = (): string[] =>
        to.filter(
          name =>
            placeOf(name)
              .said()
              .filter(said => said.text.includes(text)).length !== 1,
        );
      await waitUntil(
        () => `"${text}" from ${from} once in ${missing()}`,
        () => missing().length === 0,
        30_000,
      );
    },
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
