import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type Bench,
  createBench,
  freePort,
  newKey,
  onlyPart,
  postOf,
  Recorder,
  registration,
  until,
} from "./matrix-fixture.ts";

let bench: Bench;

beforeEach(async () => {
  // Long enough that nothing is pushed again by itself within a test.
  bench = await createBench("application service", { pushBackoffMs: 600_000 });
});
afterEach(() => bench.stop());

test("what could not be kept is pushed again, and what is pushed twice has the same id", async () => {
  const { adapter, connect, homeserver, inbox, people } = bench;
  await connect();
  homeserver.faults.repeatTransactions = 1;
  await people.say("@ann:hub.test", "twice");
  await until(() => inbox.events.length === 2);
  expect(inbox.events[0]).toEqual(inbox.events[1]);

  inbox.failures = 1;
  await people.say("@ann:hub.test", "kept at last");
  await until(() => inbox.failures === 0);
  expect(homeserver.backlogOf("fanin")).toBe(1);
  expect(inbox.texts()).not.toContain("kept at last");
  const restarted = bench.again();
  await adapter.close();
  const after = new Recorder();
  await restarted.connect(after, bench.signal);
  await until(() => after.texts().includes("kept at last"));
});

test("asks for what was said while it was away as soon as it listens", async () => {
  const { connect, homeserver, inbox, people } = bench;
  for (const text of ["one", "two", "three"]) await people.say("@ann:hub.test", text);
  await until(() => homeserver.backlogOf("fanin") > 0);
  await connect();
  await until(() => inbox.events.length === 3);
  expect(inbox.texts()).toEqual(["one", "two", "three"]);
});

test("after an outage the relay reads what the homeserver may have forgotten to push", async () => {
  const { adapter, channel, connect, homeserver, inbox, people } = bench;
  await connect();
  homeserver.faults.down = true;
  const part = onlyPart(adapter.render(postOf("is anybody there?")));
  await expect(adapter.send(channel, part, newKey())).rejects.toMatchObject({ code: "unreachable" });
  expect(inbox.missedIn).toEqual([]);
  homeserver.faults.clear();
  await people.say("@ann:hub.test", "back");
  await until(() => inbox.events.length === 1);
  await adapter.send(channel, part, newKey());
  expect(inbox.missedIn).toEqual([undefined]);
});

test("a send repeated after the homeserver's restart is the same message", async () => {
  const { adapter, channel, homeserver, people } = bench;
  const part = onlyPart(adapter.render(postOf("once")));
  const key = newKey();
  const copy = await adapter.send(channel, part, key);
  homeserver.restart();
  const again = () => adapter.send(channel, part, key);
  // The first may still go out on a connection that the restart has cut.
  expect(await again().catch(again)).toEqual(copy);
  expect(people.said()).toHaveLength(1);
});

test("a port in use is said so", async () => {
  const { connect, inbox, signal } = bench;
  await connect();
  await expect(bench.again().connect(inbox, signal)).rejects.toMatchObject({
    code: "bad-config",
    retry: "never",
    finding: { id: "cannot-listen", cure: expect.stringContaining("listen") },
  });
});

test("an address that the homeserver does not reach is said so, and given up", async () => {
  const { homeserver, inbox, signal } = bench;
  const port = await freePort();
  const adapter = createMatrixAdapter({
    network: "hub",
    homeserver: homeserver.url,
    registration: { ...registration, url: `http://127.0.0.1:${bench.port}` },
    listen: `127.0.0.1:${port}`,
  });
  const failed = { code: "bad-config", retry: "later", finding: { id: "not-reached" } };
  await expect(adapter.connect(inbox, signal)).rejects.toMatchObject(failed);
  // Not "in use": the first try has let go of the port.
  await expect(adapter.connect(inbox, signal)).rejects.toMatchObject(failed);
  expect(inbox.states).toEqual([]);
  await adapter.close();
});

test("a homeserver that can't be asked is waited for", async () => {
  const { connect, homeserver, inbox } = bench;
  homeserver.faults.add({ calls: /ping$/, answer: 404, when: "before" });
  await connect();
  expect(inbox.states).toEqual([{ state: "connected" }]);
});

test("another registration's tokens are found out", async () => {
  const { homeserver } = bench;
  const listen = `127.0.0.1:${await freePort()}`;
  const withToken = (as_token: string, sender_localpart: string) =>
    createMatrixAdapter({
      network: "hub",
      homeserver: homeserver.url,
      registration: { ...registration, as_token, sender_localpart },
      listen,
    });
  const wrong = withToken("wrong", "fanin");
  expect(await wrong.check()).toMatchObject([{ id: "wrong-token", severity: "refuse" }]);
  const other = withToken("as-secret", "somebody");
  expect(await other.check()).toMatchObject([{ id: "wrong-registration", severity: "refuse" }]);
  await Promise.all([wrong.close(), other.close()]);
});
