import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox } from "@fanin/sandbox";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { freePort } from "../real/free-port.ts";
import { runKills } from "./kill-run.ts";
import { Program } from "./program.ts";

const RATE_SCALE = 50;

test("500 messages over 20 kills: each on every side once, in order", { timeout: 300_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), "fanin-kill-"));
  const listen = `127.0.0.1:${await freePort()}`;
  const sandbox = await createSandbox({ relayUrl: `http://${listen}`, rateScale: RATE_SCALE });
  const { channels, discord, gitter, hub, registration, slack } = sandbox;
  // Answers take a while, so that kills fall between a request and its answer.
  for (const network of [slack, discord, hub, gitter]) network.faults.latencyMs = 30;
  const storePath = join(dir, "fanin.db");
  await writeFile(join(dir, "registration.yaml"), stringify(registration));
  const config = {
    networks: {
      hub: { adapter: "matrix", homeserver: hub.url, registration: "registration.yaml", listen },
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
        hub: `hub:${channels.hub}`,
        links: [`slack:${channels.slack}`, `discord:${channels.discord}`, `gitter:${channels.gitter}`],
      },
    },
    store: storePath,
  };
  await writeFile(join(dir, "fanin.yaml"), stringify(config));
  const program = new Program(join(dir, "fanin.yaml"));
  try {
    const { audit, healed, recalled } = await runKills({
      places: sandbox.places,
      program,
      storePath,
      messages: 500,
      kills: 20,
    });
    const { relayed, expected, lost, doubled, outOfOrder } = audit;
    console.log(
      `kills 20 · rates × ${RATE_SCALE} · relayed ${relayed}/${expected} · lost ${lost} · doubled ${doubled} · out of order ${outOfOrder} · recalled ${recalled} · healed ${healed}`,
    );
    expect(audit).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, faults: [] });
  } finally {
    await program.kill();
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  }
});
