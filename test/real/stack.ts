import { randomBytes } from "node:crypto";
import { freePort } from "./free-port.ts";
import { type Heisenbridge, heisenbridgeRegistration, startHeisenbridge } from "./heisenbridge.ts";
import { type IrcServer, startIrcServer } from "./irc-server.ts";
import type { MatrixUser } from "./matrix-user.ts";
import { type Registration, type Synapse, startSynapse } from "./synapse.ts";

/** Real servers, joined to each other: a Matrix homeserver, an IRC network, and the bridge between them. */
export interface Stack {
  readonly synapse: Synapse;
  readonly irc: IrcServer;
  readonly heisenbridge: Heisenbridge;
  /** The bridge's owner. */
  readonly owner: MatrixUser;
  readonly fanin: FaninAppService;
  stop(): Promise<void>;
}

/** fanin as the homeserver knows it; that it runs is the test's business. */
interface FaninAppService {
  readonly registration: Registration;
  /** The port that the homeserver pushes to. */
  readonly listenPort: number;
  /** fanin's own account, for what an operator does in its name. */
  readonly account: MatrixUser;
}

/** Starts everything on free loopback ports, in about 7 s once installed. */
export async function startStack(): Promise<Stack> {
  const stack = new AsyncDisposableStack();
  try {
    const listenPort = await freePort();
    const faninsRegistration = faninRegistration(listenPort);
    const bridgesRegistration = heisenbridgeRegistration(await freePort());

    const irc = stack.adopt(await startIrcServer(), server => server.stop());
    const synapse = stack.adopt(
      await startSynapse({ appServices: [faninsRegistration, bridgesRegistration] }),
      server => server.stop(),
    );
    const owner = await synapse.addUser("owner");
    const heisenbridge = stack.adopt(
      await startHeisenbridge({ synapse, registration: bridgesRegistration, owner, irc }),
      bridge => bridge.stop(),
    );
    return {
      synapse,
      irc,
      heisenbridge,
      owner,
      fanin: {
        registration: faninsRegistration,
        listenPort,
        account: synapse.appServiceUser(faninsRegistration),
      },
      stop: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** How the homeserver knows fanin, which listens on this loopback port. */
export function faninRegistration(port: number): Registration {
  return {
    id: "fanin",
    url: `http://127.0.0.1:${port}`,
    as_token: randomBytes(24).toString("hex"),
    hs_token: randomBytes(24).toString("hex"),
    sender_localpart: "fanin",
    rate_limited: false,
    namespaces: { users: [{ regex: "@_fanin_.*", exclusive: true }], aliases: [], rooms: [] },
  };
}
