import { type LinkStatus, NetworkName, type NetworkStatus, RelayError } from "@fanin/core";
import { expect, test } from "vitest";
import { readinessOf } from "./readiness.ts";

const hub: NetworkStatus = { network: NetworkName.parse("hub"), state: "connected" };
const slack: NetworkStatus = { network: NetworkName.parse("slack"), state: "connected" };
const onHub: LinkStatus = { room: "ansible", name: "hub:#ansible:example.org", state: "active" };
const onSlack: LinkStatus = { room: "ansible", name: "slack:#general", state: "active" };

test("ready while every link is active on a connected network, or paused", () => {
  const links = [onHub, { ...onSlack, state: "paused" } as const];
  const away: NetworkStatus = { ...slack, state: "connecting" };
  expect(readinessOf({ links, networks: [hub, away], lanes: [] })).toEqual({
    ready: true,
    unready: [],
    paused: ["slack:#general"],
  });
});

test("names a link that is refused or still starting, with its cure", () => {
  const finding = { id: "encrypted", severity: "refuse", says: "It is encrypted.", cure: "Link another." } as const;
  const links: LinkStatus[] = [
    { ...onHub, state: "refused", finding },
    { ...onSlack, state: "starting" },
  ];
  expect(readinessOf({ links, networks: [hub, slack], lanes: [] })).toEqual({
    ready: false,
    unready: [
      { what: "hub:#ansible:example.org", state: "refused", says: "It is encrypted.", cure: "Link another." },
      { what: "slack:#general", state: "starting" },
    ],
    paused: [],
  });
});

test("names a network that is away from its active links", () => {
  const error = new RelayError("unreachable", "slack.com does not answer.", { retry: "later" });
  const away: NetworkStatus = { ...slack, state: "failed", error };
  expect(readinessOf({ links: [onHub, onSlack], networks: [hub, away], lanes: [] })).toMatchObject({
    ready: false,
    unready: [{ what: "slack", state: "failed", says: "slack.com does not answer." }],
  });
});
