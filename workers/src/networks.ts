import type { Adapter } from "@fanin/core";
import { readRegistration } from "./config/registration.ts";
import type { NetworkConfig } from "./config/schema.ts";

/** Makes a network's adapter. Its SDK is loaded here and nowhere else, so only networks in use cost memory. */
export async function createAdapter(network: string, config: NetworkConfig): Promise<Adapter> {
  switch (config.adapter) {
    case "slack": {
      const { createSlackAdapter } = await import("@fanin/adapter-slack");
      const tokens = { botToken: config.botToken.reveal(), appToken: config.appToken.reveal() };
      return createSlackAdapter({ network, ...tokens, ...elsewhere(config) });
    }
    case "discord": {
      const { createDiscordAdapter } = await import("@fanin/adapter-discord");
      const token = config.token.reveal();
      return createDiscordAdapter({ network, token, ...elsewhere(config) });
    }
    case "matrix": {
      const { createMatrixAdapter } = await import("@fanin/adapter-matrix");
      const { homeserver } = config;
      if ("accessToken" in config) {
        return createMatrixAdapter({ network, homeserver, accessToken: config.accessToken.reveal() });
      }
      const registration = await readRegistration(config.registration);
      return createMatrixAdapter({ network, homeserver, registration, listen: config.listen });
    }
  }
}

interface Elsewhere {
  readonly apiUrl?: string;
  readonly rateScale?: number;
}

/** Where the network is not the real one. */
function elsewhere({ apiUrl, rateScale }: Elsewhere): Elsewhere {
  return { ...(apiUrl === undefined ? {} : { apiUrl }), ...(rateScale === undefined ? {} : { rateScale }) };
}
