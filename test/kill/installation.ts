import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox } from "@fanin/sandbox";
import { stringify } from "yaml";
import { Program } from "./program.ts";

/** Multiplies the stand-ins' documented rates, and what the adapters know of them. */
export const RATE_SCALE = 50;

/** How long every answer of a stand-in takes, so that a kill can fall between a request and its answer. */
const LATENCY_MS = 30;

/** A homeserver to use as the hub's in place of the stand-in. */
export interface OtherHub {
  readonly homeserver: string;
  readonly registration: object;
  readonly listen: string;
  readonly channel: string;
}

/** Five places, a configuration file that joins them, and the program that runs it. */
export interface Installation {
  readonly sandbox: Sandbox;
  readonly program: Program;
  readonly storePath: string;
  remove(): Promise<void>;
}

export async function install(listen: string, other?: OtherHub): Promise<Installation> {
  const dir = await mkdtemp(join(tmpdir(), "fanin-kill-"));
  const sandbox = await createSandbox({ relayUrl: `http://${listen}`, rateScale: RATE_SCALE });
  const { channels, discord, gitter, hub, slack } = sandbox;
  for (const network of [slack, discord, hub, gitter]) network.faults.latencyMs = LATENCY_MS;
  const own = { homeserver: hub.url, registration: sandbox.registration, listen, channel: channels.hub };
  const { channel, homeserver, registration } = other ?? own;
  const config = {
    networks: {
      hub: { adapter: "matrix", homeserver, registration: "registration.yaml", listen },
      gitter: { adapter: "matrix", homeserver: gitter.url, accessToken: sandbox.gitterToken },
      slack: {
        adapter: "slack",
        botToken: slack.botToken,
        appToken: slack.appToken,
        apiUrl: slack.apiUrl,
        rateScale: RATE_SCALE,
      },
      discord: { adapter: "discord", token: discord.token, apiUrl: discord.apiUrl, rateScale: RATE_SCALE },
    },
    rooms: {
      ansible: {
        hub: `hub:${channel}`,
        links: [`slack:${channels.slack}`, `discord:${channels.discord}`, `gitter:${channels.gitter}`],
      },
    },
    store: "fanin.db",
  };
  await writeFile(join(dir, "registration.yaml"), stringify(registration));
  await writeFile(join(dir, "fanin.yaml"), stringify(config));
  const program = new Program(join(dir, "fanin.yaml"));
  return {
    sandbox,
    program,
    storePath: join(dir, "fanin.db"),
    async remove() {
      await program.kill();
      await sandbox.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
