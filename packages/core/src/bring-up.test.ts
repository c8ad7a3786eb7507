import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RelayError } from "./errors.ts";
import type { Finding } from "./model/finding.ts";
import { channelKey } from "./model/ids.ts";
import { ansible, fail, storeFull, Town } from "./town.fixture.ts";

let town: Town;

beforeEach(() => {
  town = new Town();
});

afterEach(async () => {
  await town.relay.stop();
});

const down = (): RelayError => new RelayError("unreachable", "down", { retry: "later" });
const withoutDiscord = { ...ansible, links: [{ channel: "slack:lobby" }] };
const other = { name: "other", hub: { channel: "hub:den" }, links: [{ channel: "discord:lobby" }] };

async function states(): Promise<string[]> {
  const { links } = await town.relay.status();
  return links.map(({ name, room, state }) => `${room} ${name} ${state}`);
}

describe("a network", () => {
  test("that can't be reached at first and refuses us then is failed, and its links are refused", async () => {
    const refusal: Finding = { id: "token", severity: "refuse", says: "The token is revoked.", cure: "Make one." };
    let tries = 0;
    const check = async (): Promise<Finding[]> => {
      tries += 1;
      if (tries === 1) throw down();
      return [refusal];
    };
    await town.start({
      adapters: { hub: town.hub.adapter, slack: town.slack.adapter, discord: { ...town.discord.adapter, check } },
    });
    await town.pass();
    const { networks } = await town.relay.status();
    expect(networks.map(({ state }) => state)).toEqual(["connected", "connected", "failed"]);
    expect(await states()).toContain("ansible discord:lobby refused");
    await town.slack.say("hello");
    await town.pass();
    expect(town.texts(town.hub)).toEqual(["hello"]);
  });

  test("is connected once, also where the store is full just then", async () => {
    await town.start();
    await town.relay.stop();
    const { adapter } = town.discord;
    let connects = 0;
    const connect: typeof adapter.connect = async (...args) => {
      connects += 1;
      return adapter.connect(...args);
    };
    Object.assign(town.store, { bury: fail(town.store.bury, storeFull) });
    const adapters = { hub: town.hub.adapter, slack: town.slack.adapter, discord: { ...adapter, connect } };
    await town.start({ adapters }, [
      { ...withoutDiscord, links: [{ channel: "slack:lobby" }, { channel: "discord:den" }] },
    ]);
    await town.pass();
    expect(connects).toBe(1);
    expect((await town.store.links()).map(({ channel }) => channel)).not.toContain("discord:lobby");
  });

  test("is connected once, however many links come while it connects", async () => {
    const { adapter } = town.discord;
    const gate = Promise.withResolvers<void>();
    let connects = 0;
    const connect: typeof adapter.connect = async (...args) => {
      connects += 1;
      await gate.promise;
      return adapter.connect(...args);
    };
    const adapters = { hub: town.hub.adapter, slack: town.slack.adapter, discord: { ...adapter, connect } };
    const started = town.start({ adapters }, [ansible]);
    await town.pass(0);
    const applied = town.relay.apply([{ ...ansible, links: [...ansible.links, { channel: "discord:den" }] }]);
    await town.pass(0);
    gate.resolve();
    await town.pass(0);
    await Promise.all([started, applied]);
    expect(connects).toBe(1);
    expect(await states()).toContain("ansible discord:den active");
  });
});

describe("a link", () => {
  test("comes up once the store can keep that, and misses nothing", async () => {
    const lane = channelKey(town.slack.channel);
    Object.assign(town.store, { setLink: fail(town.store.setLink, storeFull, ({ channel }) => channel === lane, 2) });
    await town.start();
    const said = town.slack.say("hello");
    await town.pass();
    await said;
    expect(town.texts(town.hub)).toEqual(["hello"]);
  });

  test("removed while it starts is gone: its channel is free for another room", async () => {
    await town.start({}, [withoutDiscord]);
    const gate = Promise.withResolvers<void>();
    const resolve = town.discord.adapter.resolve.bind(town.discord.adapter);
    let resolves = 0;
    Object.assign(town.discord.adapter, {
      resolve: async (...args: Parameters<typeof resolve>) => {
        resolves += 1;
        if (resolves === 1) await gate.promise;
        return resolve(...args);
      },
    });
    const added = town.relay.apply([ansible]);
    await town.pass(0);
    const removed = town.relay.apply([withoutDiscord]);
    await town.pass(0);
    gate.resolve();
    await town.pass(0);
    await Promise.all([added, removed]);
    await town.relay.apply([withoutDiscord, other]);
    await town.pass(0);
    expect(await states()).toContain("other discord:lobby active");
    await town.discord.say("in the other room");
    await town.slack.say("in the first");
    await town.pass();
    expect(town.texts(town.slack)).toEqual(["in the first"]);
    expect(town.texts(town.discord)).toEqual(["in the other room"]);
  });

  test("moved while it catches up hands what it took in to the room it was said in", async () => {
    await town.start({}, [ansible, { ...other, links: [] }]);
    const gate = Promise.withResolvers<void>();
    const history = town.discord.adapter.history.bind(town.discord.adapter);
    let reads = 0;
    Object.assign(town.discord.adapter, {
      history: async function* (...args: Parameters<typeof history>) {
        reads += 1;
        if (reads === 1) await gate.promise;
        yield* history(...args);
      },
    });
    town.discord.missed();
    await town.pass(0);
    await town.discord.say("said before");
    const moved = town.relay.apply([withoutDiscord, other]);
    await town.pass(0);
    await moved;
    await town.discord.say("said after");
    gate.resolve();
    await town.pass();
    expect(town.texts(town.slack)).toEqual(["said before"]);
  });

  test("stays, with all that waits for it, where its room is only called otherwise", async () => {
    await town.start();
    town.discord.onSend = () => {
      throw down();
    };
    await town.slack.say("waits");
    await town.pass(0);
    await town.relay.apply([{ ...ansible, name: "devel" }]);
    town.discord.onSend = undefined;
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["waits"]);
    expect(await states()).toEqual([
      "devel hub:lobby active",
      "devel slack:lobby active",
      "devel discord:lobby active",
    ]);
  });

  test("starts anew where its room gets another hub", async () => {
    await town.start();
    const applied = town.relay.apply([{ ...ansible, hub: { channel: "hub:den" } }]);
    await town.pass(0);
    await applied;
    await town.slack.say("hello");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["hello"]);
    expect(await states()).toEqual([
      "ansible hub:den active",
      "ansible slack:lobby active",
      "ansible discord:lobby active",
    ]);
  });

  test("that moved to another room while the relay was down starts at now", async () => {
    await town.start({}, [ansible, { ...other, links: [] }]);
    await town.relay.stop();
    await town.discord.say("said in the first room");
    await town.start({}, [withoutDiscord, other]);
    await town.slack.say("not for discord");
    await town.pass();
    expect([town.texts(town.hub), town.texts(town.discord)]).toEqual([["not for discord"], ["said in the first room"]]);
  });

  test("that was gone for a run starts at now", async () => {
    await town.start();
    for (const rooms of [[withoutDiscord], [ansible]]) {
      await town.relay.stop();
      await town.discord.say("said to nobody");
      await town.start({}, rooms);
      await town.pass();
    }
    await town.discord.say("hello");
    await town.pass();
    expect(town.texts(town.slack)).toEqual(["hello"]);
  });

  test("takes in what is said while it starts, also where rooms are changed at that moment", async () => {
    await town.start();
    await town.relay.stop();
    await town.slack.say("said to nobody");
    const check = fail(town.discord.adapter.check.bind(town.discord.adapter), down);
    Object.assign(town.discord.adapter, { check });
    const started = town.start();
    const applied = town.relay.apply([{ ...ansible, name: "devel" }]);
    await town.pass();
    await Promise.all([started, applied]);
    expect(town.texts(town.discord)).toEqual(["said to nobody"]);
  });

  test("is what the last of several changes at once makes it", async () => {
    await town.start();
    const changes = [[withoutDiscord], [ansible], [withoutDiscord, other], [withoutDiscord], [ansible]];
    const applied = changes.map(rooms => town.relay.apply(rooms));
    await town.pass(0);
    await Promise.all(applied);
    expect(await states()).toEqual([
      "ansible hub:lobby active",
      "ansible slack:lobby active",
      "ansible discord:lobby active",
    ]);
    await town.slack.say("hello");
    await town.pass();
    expect([town.texts(town.hub), town.texts(town.discord)]).toEqual([["hello"], ["hello"]]);
  });

  test("that can't be forgotten yet is off, and the change is made when it is applied again", async () => {
    await town.start();
    Object.assign(town.store, { removeLink: fail(town.store.removeLink, storeFull) });
    await expect(town.relay.apply([withoutDiscord])).rejects.toMatchObject({ code: "store-full" });
    await town.slack.say("one");
    await town.pass(0);
    await town.relay.apply([ansible]);
    await town.slack.say("two");
    await town.pass();
    expect(town.texts(town.hub)).toEqual(["one", "two"]);
    expect(town.texts(town.discord)).toEqual(["two"]);
  });

  test("that was paused says so as soon as the store can keep it", async () => {
    await town.start();
    Object.assign(town.store, { bury: fail(town.store.bury, storeFull) });
    town.discord.kick({ id: "kicked", severity: "refuse", says: "We were kicked.", cure: "Ask why." });
    await town.pass();
    expect(town.texts(town.hub)).toEqual(["discord:lobby is paused: We were kicked. Ask why."]);
  });
});

test("a relay stops although a network never answers", async () => {
  await town.start();
  town.discord.onSend = () => Promise.withResolvers<void>().promise;
  await town.slack.say("hello");
  await town.pass(0);
  const stopped = town.relay.stop();
  await town.pass(10_000);
  await stopped;
  town.discord.onSend = undefined;
  await town.start();
  await town.pass();
  expect(town.texts(town.discord)).toEqual(["hello"]);
});
