import { createServer } from "node:net";
import { createRelay, createSqliteStore, type Relay, type Room } from "@fanin/core";
import { createSandbox, type Sandbox } from "@fanin/sandbox";

/** The sandbox with a relay running in it, as `fanin run` would run one. */
export interface Town {
  readonly sandbox: Sandbox;
  readonly relay: Relay;
  readonly rooms: readonly Room[];
  close(): Promise<void>;
}

/** The rates of the networks, multiplied: nobody waits a second per line in a demonstration. */
const DEMO_RATE_SCALE = 20;

/** Builds the five places and a relay over the real SDKs; `start` is left to the caller, who may want to watch. */
export async function createTown(options: { readonly store: string; readonly rateScale?: number }): Promise<Town> {
  const rateScale = options.rateScale ?? DEMO_RATE_SCALE;
  const listen = `127.0.0.1:${await freePort()}`;
  const sandbox = await createSandbox({ relayUrl: `http://${listen}`, rateScale });
  const { slack, discord, hub, gitter, channels, registration, gitterToken } = sandbox;
  const [{ createSlackAdapter }, { createDiscordAdapter }, { createMatrixAdapter, Registration }] = await Promise.all([
    import("@fanin/adapter-slack"),
    import("@fanin/adapter-discord"),
    import("@fanin/adapter-matrix"),
  ]);
  const relay = createRelay({
    store: createSqliteStore({ path: options.store }),
    adapters: {
      slack: createSlackAdapter({
        network: "slack",
        botToken: slack.botToken,
        appToken: slack.appToken,
        apiUrl: slack.apiUrl,
        rateScale,
      }),
      discord: createDiscordAdapter({ network: "discord", token: discord.token, apiUrl: discord.apiUrl, rateScale }),
      hub: createMatrixAdapter({
        network: "hub",
        homeserver: hub.url,
        registration: Registration.parse(registration),
        listen,
      }),
      gitter: createMatrixAdapter({ network: "gitter", homeserver: gitter.url, accessToken: gitterToken }),
    },
  });
  const rooms: Room[] = [
    {
      name: "ansible",
      hub: { channel: `hub:${channels.hub}` },
      links: [
        { channel: `slack:${channels.slack}` },
        { channel: `discord:${channels.discord}` },
        { channel: `gitter:${channels.gitter}` },
      ],
    },
  ];
  return {
    sandbox,
    relay,
    rooms,
    async close() {
      await relay.stop();
      await sandbox.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}
