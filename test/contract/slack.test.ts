import { createSlackAdapter } from "@fanin/adapter-slack";
import { channelRef } from "@fanin/core";
import { adapterContract } from "@fanin/core/contract";
import { createSlackStandIn } from "@fanin/sandbox";
import { describe, test } from "vitest";
import { placeNetwork } from "./place-network.ts";

describe("the Slack adapter keeps the contract", () => {
  adapterContract(test, async () => {
    const slack = await createSlackStandIn({ rateScale: 100 });
    const channel = slack.addChannel("general");
    const place = slack.place(channel, [slack.addUser("Ann")]);
    const { apiUrl, appToken, botToken } = slack;
    const adapter = createSlackAdapter({ network: "slack", apiUrl, appToken, botToken });
    return placeNetwork(adapter, channelRef("slack", channel), place, () => slack.close());
  });
});
