import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, createBench, until } from "./matrix-fixture.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await createBench("plain account");
});
afterEach(() => bench.stop());

test("starts at now", async () => {
  const { connect, inbox, people } = bench;
  await people.say("@ann:hub.test", "before");
  await connect();
  await people.say("@ann:hub.test", "after");
  await until(() => inbox.events.length > 0);
  expect(inbox.texts()).toEqual(["after"]);
});

test("a truncated timeline is a gap of that room, told before what follows it", async () => {
  const { adapter, connect, channel, homeserver, inbox, people, room, self } = bench;
  const head = await adapter.head(channel);
  await connect();
  await until(() => homeserver.pollsOf(self) === 1);
  homeserver.faults.timelineLimit = 1;
  homeserver.faults.down = true;
  homeserver.dropPolls();
  await until(() => inbox.states.at(-1)?.state === "connecting");
  for (const text of ["one", "two", "three"]) await people.say("@ann:hub.test", text);
  homeserver.faults.down = false;
  await until(() => inbox.texts().includes("three"));
  expect(inbox.texts()).toEqual(["three"]);
  expect(inbox.missedIn).toContain(room);
  const read: string[] = [];
  for await (const item of adapter.history(channel, head)) read.push(item.type);
  expect(read).toEqual(["created", "created", "created"]);
});

test("goes on where it was after an outage, and says that something may be missing", async () => {
  const { connect, homeserver, inbox, people, self } = bench;
  await connect();
  await until(() => homeserver.pollsOf(self) === 1);
  homeserver.faults.down = true;
  homeserver.dropPolls();
  await until(() => inbox.states.at(-1)?.state === "connecting");
  expect(inbox.missedIn).toEqual([]);
  await people.say("@ann:hub.test", "meanwhile");
  homeserver.faults.down = false;
  await until(() => inbox.texts().includes("meanwhile"));
  expect(inbox.missedIn).toEqual([undefined]);
  expect(inbox.states.map(({ state }) => state)).toEqual(["connected", "connecting", "connected"]);
});

test("asks again for what could not be kept", async () => {
  const { connect, inbox, people } = bench;
  await connect();
  inbox.failures = 1;
  await people.say("@ann:hub.test", "kept at last");
  await until(() => inbox.texts().includes("kept at last"));
  expect(inbox.failures).toBe(0);
});

test("a token that is revoked ends it, and says what to do", async () => {
  const { accessToken, connect, homeserver, inbox, self } = bench;
  await connect();
  await until(() => homeserver.pollsOf(self) === 1);
  const headers = { authorization: `Bearer ${accessToken}` };
  await fetch(`${homeserver.url}/_matrix/client/v3/logout`, { method: "POST", headers, body: "{}" });
  homeserver.dropPolls();
  await until(() => inbox.states.at(-1)?.state === "failed");
  expect(inbox.states.at(-1)?.error).toMatchObject({ code: "unauthorized", finding: { id: "wrong-token" } });
});

test("a wrong token and a wrong address are found out before anything starts", async () => {
  const { homeserver } = bench;
  const wrong = createMatrixAdapter({ network: "gitter", homeserver: homeserver.url, accessToken: "wrong" });
  expect(await wrong.check()).toMatchObject([{ id: "wrong-token", severity: "refuse" }]);
  await wrong.close();
  const astray = createMatrixAdapter({
    network: "gitter",
    homeserver: `${homeserver.url}/nowhere`,
    accessToken: "any",
  });
  expect(await astray.check()).toMatchObject([{ id: "not-a-homeserver", severity: "refuse" }]);
  await astray.close();
});
