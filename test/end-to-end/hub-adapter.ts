import { createMatrixAdapter, Registration } from "@fanin/adapter-matrix";
import type { Adapter } from "@fanin/core";
import type { MatrixUser } from "../real/matrix-user.ts";
import type { Stack } from "../real/stack.ts";
import type { Synapse } from "../real/synapse.ts";

/** fanin as the application service that the homeserver was started with. */
export function asAppService(synapse: Synapse, { registration, listenPort }: Omit<Stack["fanin"], "account">): Adapter {
  return createMatrixAdapter({
    network: "hub",
    homeserver: synapse.url,
    registration: Registration.parse(registration),
    listen: `127.0.0.1:${listenPort}`,
  });
}

/** fanin as an ordinary account of the homeserver at `homeserver`. */
export function asPlainAccount(network: string, homeserver: string, { accessToken }: MatrixUser): Adapter {
  return createMatrixAdapter({ network, homeserver, accessToken });
}
