import { createDiscordAdapter } from "@fanin/adapter-discord";
import { channelRef } from "@fanin/core";
import { adapterContract } from "@fanin/core/contract";
import { createDiscordStandIn } from "@fanin/sandbox";
import { describe, test } from "vitest";
import { placeNetwork } from "./place-network.ts";

describe("the Discord adapter keeps the contract", () => {
  adapterContract(test, async () => {
    const discord = await createDiscordStandIn({ rateScale: 100 });
    const channel = discord.addChannel("general");
    const place = discord.place(channel, [discord.addUser("Ann")]);
    const adapter = createDiscordAdapter({ network: "discord", apiUrl: discord.apiUrl, token: discord.token });
    return placeNetwork(adapter, channelRef("discord", channel), place, () => discord.close());
  });
});
