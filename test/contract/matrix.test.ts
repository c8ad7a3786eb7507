import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { channelRef } from "@fanin/core";
import { adapterContract } from "@fanin/core/contract";
import { createMatrixStandIn } from "@fanin/sandbox";
import { describe, test } from "vitest";
import { freePort } from "../real/free-port.ts";
import { placeNetwork } from "./place-network.ts";

const ann = { id: "@ann:test", name: "Ann" };

describe("the Matrix adapter keeps the contract as an application service", () => {
  adapterContract(test, async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const homeserver = await createMatrixStandIn({ serverName: "test", rateScale: 100 });
    const registration = {
      id: "fanin",
      url: `http://${listen}`,
      as_token: "as",
      hs_token: "hs",
      sender_localpart: "fanin",
      namespaces: { users: [] },
    };
    homeserver.addAppService(registration);
    const room = homeserver.addRoom();
    const adapter = createMatrixAdapter({ network: "hub", homeserver: homeserver.url, registration, listen });
    return placeNetwork(adapter, channelRef("hub", room), homeserver.place(room, [ann]), () => homeserver.close());
  });
});

describe("the Matrix adapter keeps the contract as a plain account", () => {
  adapterContract(test, async () => {
    const homeserver = await createMatrixStandIn({ serverName: "test", rateScale: 100 });
    const room = homeserver.addRoom();
    const { accessToken } = homeserver.addUser("fanin");
    const adapter = createMatrixAdapter({ network: "gitter", homeserver: homeserver.url, accessToken });
    return placeNetwork(adapter, channelRef("gitter", room), homeserver.place(room, [ann]), () => homeserver.close());
  });
});
