import { createDiscordAdapter } from "@fanin/adapter-discord";
import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { createSlackAdapter } from "@fanin/adapter-slack";
import type { Adapter, LinkSpec } from "@fanin/core";
import {
  createDiscordStandIn,
  createMatrixStandIn,
  createSlackStandIn,
  type MatrixStandIn,
  type Place,
} from "@fanin/sandbox";

/** Stand-ins of the networks around a hub, each with one channel and one person in it. */
export interface Spokes {
  /** Ada speaks. */
  readonly slack: Place;
  /** Dan speaks. */
  readonly discord: Place;
  /** Ivo speaks. */
  readonly gitter: Place;
  readonly gitterServer: MatrixStandIn;
  readonly links: readonly LinkSpec[];
  /** Made anew for each relay, which closes them. */
  adapters(): Record<string, Adapter>;
  stop(): Promise<void>;
}

// Documented rates are slow, and not what is proved here.
const rateScale = 100;

export async function startSpokes(): Promise<Spokes> {
  const [slack, discord, gitter] = await Promise.all([
    createSlackStandIn({ rateScale }),
    createDiscordStandIn({ rateScale }),
    createMatrixStandIn({ serverName: "gitter.test", rateScale }),
  ]);
  const slackChannel = slack.addChannel("ansible");
  const discordChannel = discord.addChannel("ansible");
  const gitterRoom = gitter.addRoom({ name: "ansible/ansible" });
  const { accessToken } = gitter.addUser("fanin");
  return {
    slack: { ...slack.place(slackChannel, [slack.addUser("Ada")]), name: "slack" },
    discord: { ...discord.place(discordChannel, [discord.addUser("Dan")]), name: "discord" },
    gitter: { ...gitter.place(gitterRoom, [{ id: "@ivo:gitter.test", name: "Ivo" }]), name: "gitter" },
    gitterServer: gitter,
    links: [`slack:${slackChannel}`, `discord:${discordChannel}`, `gitter:${gitterRoom}`].map(channel => ({ channel })),
    adapters: () => ({
      slack: createSlackAdapter({ network: "slack", ...tokensOf(slack), rateScale }),
      discord: createDiscordAdapter({ network: "discord", apiUrl: discord.apiUrl, token: discord.token, rateScale }),
      gitter: createMatrixAdapter({ network: "gitter", homeserver: gitter.url, accessToken }),
    }),
    stop: async () => {
      await Promise.all([slack.close(), discord.close(), gitter.close()]);
    },
  };
}

function tokensOf({ apiUrl, appToken, botToken }: Awaited<ReturnType<typeof createSlackStandIn>>) {
  return { apiUrl, appToken, botToken };
}
