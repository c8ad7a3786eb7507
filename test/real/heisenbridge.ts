import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "./install.ts";
import type { IrcServer } from "./irc-server.ts";
import type { MatrixUser } from "./matrix-user.ts";
import { startServer } from "./server-process.ts";
import type { Registration, Synapse } from "./synapse.ts";
import { waitUntil } from "./wait-until.ts";

const BRIDGE = "@heisenbridge:localhost";
const NETWORK = "lo";

/** A real IRC bridge, which knows one network: the IRC server it was started with. */
export interface Heisenbridge {
  readonly userId: string;
  readonly pid: number;
  /** Lets this user onto the bridge and connects the user to IRC under the nick; once for each user. */
  connect(user: MatrixUser, nick: string): Promise<IrcConnection>;
  stop(): Promise<void>;
}

/** One bridge user's own connection to the IRC network. */
interface IrcConnection {
  readonly nick: string;
  /** Joins the Matrix room, which must be public or have invited the bridge, to the IRC channel. Only for the bridge's owner. */
  plumb(roomId: string, channel: string): Promise<void>;
  /** Makes the bridge create its own room for the channel, which only this user is invited to; joins it and returns its id. */
  join(channel: string): Promise<string>;
}

/** What Synapse has to know, when it starts, of the bridge that is going to listen on this port. */
export function heisenbridgeRegistration(port: number): Registration {
  return {
    id: "heisenbridge",
    url: `http://127.0.0.1:${port}`,
    as_token: randomBytes(24).toString("hex"),
    hs_token: randomBytes(24).toString("hex"),
    sender_localpart: "heisenbridge",
    rate_limited: false,
    namespaces: { users: [{ regex: "@irc_.*", exclusive: true }], aliases: [], rooms: [] },
  };
}

/** Starts the bridge beside a Synapse that has its registration; resolves when it knows the network and takes its owner's commands. */
export async function startHeisenbridge({
  synapse,
  registration,
  owner,
  irc,
}: {
  synapse: Synapse;
  registration: Registration;
  owner: MatrixUser;
  irc: IrcServer;
}): Promise<Heisenbridge> {
  const { python } = await install();
  const directory = await mkdtemp(join(tmpdir(), "fanin-heisenbridge-"));
  const config = join(directory, "heisenbridge.yaml");
  // Without a media_url it loses files silently.
  await writeFile(config, JSON.stringify({ ...registration, heisenbridge: { media_url: `${registration.url}/` } }));
  const { port } = new URL(registration.url ?? "");
  const server = await startServer({
    name: "heisenbridge",
    command: python,
    args: ["-m", "heisenbridge", "-v", "-c", config, "-l", "127.0.0.1", "-p", port, "-o", owner.userId, synapse.url],
    ready: async () => (await synapse.invites(owner.userId)).length > 0,
  });
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };

  try {
    const control = await acceptInvite(synapse, owner, []);
    await answered(owner, control, "Following commands are supported");
    await ask(owner, control, `ADDNETWORK ${NETWORK}`, "Network added.");
    await ask(owner, control, `ADDSERVER ${NETWORK} 127.0.0.1 ${irc.port}`, "Server added.");
    return {
      userId: BRIDGE,
      pid: server.pid,
      stop,
      connect: async (user, nick) => {
        if (user.userId === owner.userId) return connectToIrc(synapse, user, control, nick);
        await ask(owner, control, `ADDMASK ${user.userId}`, "Mask added.");
        const ownControl = await user.createRoom({ invite: [BRIDGE], is_direct: true });
        await answered(user, ownControl, "Following commands are supported");
        return connectToIrc(synapse, user, ownControl, nick);
      },
    };
  } catch (error) {
    await stop();
    throw new Error(`heisenbridge does not answer its owner. The end of its log:\n${server.log()}`, { cause: error });
  }
}

async function connectToIrc(synapse: Synapse, user: MatrixUser, control: string, nick: string): Promise<IrcConnection> {
  const open = await synapse.invites(user.userId);
  await user.send(control, `OPEN ${NETWORK}`);
  const network = await acceptInvite(synapse, user, open);
  await answered(user, network, "Following commands are supported");
  await ask(user, network, `NICK ${nick}`, `Nickname set to ${nick}`);
  await ask(user, network, "CONNECT", "Your host is");
  return {
    nick,
    plumb: (roomId, channel) =>
      ask(user, network, `PLUMB ${roomId} ${channel}`, `${channel}: Joined ${channel} as ${nick}`),
    join: async channel => {
      const before = await synapse.invites(user.userId);
      await user.send(network, `JOIN ${channel}`);
      return acceptInvite(synapse, user, before);
    },
  };
}

/** Joins the one room that the bridge invites the user to, beside those that stood open before. */
async function acceptInvite(synapse: Synapse, user: MatrixUser, before: readonly string[]): Promise<string> {
  const roomId = await waitUntil(`the bridge invites ${user.userId}`, async () =>
    (await synapse.invites(user.userId)).find(invited => !before.includes(invited)),
  );
  return user.join(roomId);
}

async function ask(user: MatrixUser, roomId: string, command: string, answer: string): Promise<void> {
  const asked = await user.send(roomId, command);
  await answered(user, roomId, answer, asked);
}

/** The bridge merges its notices of 100 ms into one, so an answer is a part of a notice. */
async function answered(user: MatrixUser, roomId: string, answer: string, asked?: string): Promise<void> {
  let heard: string[] = [];
  await waitUntil(
    () => `the bridge says ${JSON.stringify(answer)}, it said ${JSON.stringify(heard)}`,
    async () => {
      const events = await user.messages(roomId);
      const since = events.findIndex(event => event.event_id === asked) + 1;
      heard = events
        .slice(since)
        .filter(event => event.sender === BRIDGE)
        .map(event => event.content.body ?? "");
      return heard.some(body => body.includes(answer));
    },
  );
}
