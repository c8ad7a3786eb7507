import { createDiscordStandIn, type DiscordStandIn } from "./discord/index.ts";
import { createIrcNetwork, createIrcPortal, type IrcPortal } from "./irc/index.ts";
import { type AppServiceRegistration, createMatrixStandIn, type MatrixStandIn } from "./matrix/index.ts";
import type { Person, Place } from "./place.ts";
import { createSlackStandIn, type SlackStandIn } from "./slack/index.ts";

export interface SandboxOptions {
  /** Multiplies every stand-in's documented rates; 1 unless given. */
  readonly rateScale?: number;
  /** Where the relay listens for the hub's transactions: `http://127.0.0.1:9009`. */
  readonly relayUrl: string;
}

/** One room on five networks, with nobody relaying between them yet. */
export interface Sandbox {
  readonly slack: SlackStandIn;
  readonly discord: DiscordStandIn;
  readonly hub: MatrixStandIn;
  readonly gitter: MatrixStandIn;
  readonly irc: IrcPortal;
  /** In the order in which they are shown: slack, discord, gitter, hub, irc. */
  readonly places: readonly Place[];
  /** The relay's registration on the hub's homeserver. */
  readonly registration: AppServiceRegistration;
  /** The relay's account on Gitter's homeserver. */
  readonly gitterToken: string;
  /** Each network's channel, as a relay is told of it. */
  readonly channels: {
    readonly slack: string;
    readonly discord: string;
    readonly hub: string;
    readonly gitter: string;
  };
  close(): Promise<void>;
}

/** Starts the five stand-ins with two people each. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { rateScale = 1, relayUrl } = options;
  const [slack, discord, hub, gitter] = await Promise.all([
    createSlackStandIn({ rateScale }),
    createDiscordStandIn({ rateScale, botName: "fanin" }),
    createMatrixStandIn({ serverName: "hub.test", rateScale }),
    createMatrixStandIn({ serverName: "gitter.test", rateScale }),
  ]);
  const registration: AppServiceRegistration = {
    id: "fanin",
    url: relayUrl,
    as_token: crypto.randomUUID(),
    hs_token: crypto.randomUUID(),
    sender_localpart: "fanin",
    rate_limited: false,
    namespaces: { users: [{ exclusive: true, regex: "@_fanin_.*" }] },
  };
  hub.addAppService(registration);
  const network = createIrcNetwork("libera");
  const irc = createIrcPortal({ homeserver: hub, network, channel: "#ansible", people: ["gwen", "hugo"] });
  const gitterRoom = gitter.addRoom({ name: "ansible/ansible", aliasLocalpart: "ansible_ansible" });
  const slackPeople = [slack.addUser("Ada"), slack.addUser("Ben")];
  const slackChannel = slack.addChannel("ansible");
  const discordPeople = [discord.addUser("Cleo"), discord.addUser("Dan")];
  const discordChannel = discord.addChannel("ansible");
  const places: Place[] = [
    { ...slack.place(slackChannel, slackPeople), name: "slack" },
    { ...discord.place(discordChannel, discordPeople), name: "discord" },
    { ...gitter.place(gitterRoom, peopleOf("gitter.test", ["Ivo", "June"])), name: "gitter" },
    { ...hub.place(irc.roomId, peopleOf("hub.test", ["Ella", "Finn"])), name: "hub" },
    irc.place(),
  ];
  return {
    slack,
    discord,
    hub,
    gitter,
    irc,
    places,
    registration,
    gitterToken: gitter.addUser("fanin").accessToken,
    channels: {
      slack: slackChannel,
      discord: discordChannel,
      hub: irc.alias ?? irc.roomId,
      gitter: "#ansible_ansible:gitter.test",
    },
    async close() {
      irc.close();
      await Promise.all([slack.close(), discord.close(), hub.close(), gitter.close()]);
    },
  };
}

function peopleOf(server: string, names: readonly string[]): Person[] {
  return names.map(name => ({ id: `@${name.toLowerCase()}:${server}`, name }));
}
