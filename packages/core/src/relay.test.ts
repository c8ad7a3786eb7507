import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeNetwork, type FakeNetwork } from "./contract/fake-network.ts";
import { RelayError } from "./errors.ts";
import { channelKey } from "./model/ids.ts";
import { createRelay, type Relay, type RelayOptions } from "./relay.ts";
import type { Report } from "./report.ts";
import type { Store } from "./store.ts";
import { createMemoryStore } from "./stores/memory.ts";

let hub: FakeNetwork;
let slack: FakeNetwork;
let discord: FakeNetwork;
let store: Store;
let relay: Relay;
let reports: Report[];

const rooms = [
  { name: "ansible", hub: { channel: "hub:lobby" }, links: [{ channel: "slack:lobby" }, { channel: "discord:lobby" }] },
];

function textsOn(network: FakeNetwork): string[] {
  return network.shown().map(({ text }) => text);
}

async function start(options: Partial<RelayOptions> = {}): Promise<void> {
  reports = [];
  const adapters = { hub: hub.adapter, slack: slack.adapter, discord: discord.adapter };
  relay = createRelay({ store, adapters, recheckMs: 3_600_000, ...options });
  relay.watch(report => reports.push(report));
  await relay.start(rooms);
}

async function restart(): Promise<void> {
  await relay.stop();
  await start();
}

async function until(what: string, look: () => boolean): Promise<void> {
  await expect.poll(look, { timeout: 10_000, interval: 2, message: what }).toBe(true);
}

beforeEach(async () => {
  hub = createFakeNetwork({ network: "hub" });
  slack = createFakeNetwork({ network: "slack" });
  discord = createFakeNetwork({ network: "discord" });
  store = createMemoryStore();
});

afterEach(async () => {
  await relay.stop();
});

describe("a message", () => {
  test("reaches every other channel of the room once, and comes back nowhere", async () => {
    await start();
    await slack.say("hello");
    await until("both copies", () => textsOn(hub).length === 1 && textsOn(discord).length === 1);
    await discord.say("hi there");
    await until("both copies", () => textsOn(hub).length === 2 && textsOn(slack).length === 2);
    expect([textsOn(slack), textsOn(hub), textsOn(discord)]).toEqual(Array(3).fill(["hello", "hi there"]));
  });

  test("delivered twice by its network is relayed once", async () => {
    await start();
    const id = await slack.say("once");
    await until("the copy", () => textsOn(hub).length === 1);
    slack.missed(); // history holds it again
    await slack.say("after");
    await until("the next", () => textsOn(hub).includes("after"));
    expect(textsOn(hub)).toEqual(["once", "after"]);
    expect(id).toBe("m1");
  });

  test("accepted while its idle lane is being looked into is sent once", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const next: Store["next"] = async lane => {
      if (lane === channelKey(hub.channel)) {
        asked.resolve();
        await answer.promise;
      }
      return memory.next(lane);
    };
    const memory = store;
    store = { ...memory, next };
    await start();
    await asked.promise;
    await slack.say("one");
    answer.resolve();
    await until("the copy", () => textsOn(hub).includes("one"));
    await slack.say("two");
    await until("the next", () => textsOn(hub).includes("two"));
    expect(textsOn(hub)).toEqual(["one", "two"]);
  });

  test("keeps its order on every channel", async () => {
    await start();
    const said = Array.from({ length: 50 }, (_, at) => `line ${at}`);
    for (const text of said) await slack.say(text);
    await until("all", () => textsOn(hub).length === 50 && textsOn(discord).length === 50);
    expect(textsOn(hub)).toEqual(said);
    expect(textsOn(discord)).toEqual(said);
  });

  test("its edit and its delete follow, also after a restart", async () => {
    await start();
    const id = await slack.say("draft");
    const other = await slack.say("goes");
    await until("the copies", () => textsOn(hub).length === 2 && textsOn(discord).length === 2);
    await restart();
    await slack.edit(id, "final");
    await slack.remove(other);
    await until("the edit", () => textsOn(hub).join() === "final" && textsOn(discord).join() === "final");
  });

  test("is answered across networks: the reply points at the copy, or at the original", async () => {
    await start();
    const asked = await slack.say("question");
    await until("the copies", () => textsOn(hub).length === 1 && textsOn(discord).length === 1);
    await discord.say("answer", discord.shown()[0]?.id);
    await until("the answers", () => textsOn(hub).length === 2 && textsOn(slack).length === 2);
    const onSlack = slack.shown().find(({ text }) => text === "answer");
    expect(onSlack?.replyTo).toBe(asked);
    const shown = hub.shown();
    expect(shown[1]?.replyTo).toBe(shown[0]?.id);
  });

  test("said while the answer to its own copy's send is out waits for that copy", async () => {
    const gate = Promise.withResolvers<void>();
    await start();
    discord.onSend = undefined;
    const asked = await slack.say("question");
    await until("the copy on the hub", () => textsOn(hub).length === 1 && textsOn(discord).length === 1);
    // The copy on Discord of the next message is answered there before its send returns.
    const original = discord.adapter.send.bind(discord.adapter);
    Object.assign(discord.adapter, {
      send: async (...args: Parameters<typeof original>) => {
        const sent = await original(...args);
        await gate.promise;
        return sent;
      },
    });
    const second = await slack.say("second question");
    await until("the unanswered copy", () => textsOn(discord).length === 2);
    const shown = discord.shown();
    await discord.say("early answer", shown[1]?.id);
    gate.resolve();
    await until("the answer", () => textsOn(slack).includes("early answer"));
    const answer = slack.shown().find(({ text }) => text === "early answer");
    expect(answer?.replyTo).toBe(second);
    expect(asked).not.toBe(second);
  });
});

describe("a network in trouble", () => {
  test("delays its own lane and no other, and loses nothing", async () => {
    await start();
    let failing = true;
    discord.onSend = () => {
      if (failing) throw new RelayError("rate-limited", "slow down", { retry: "later", retryAfterMs: 5 });
    };
    for (let at = 0; at < 5; at += 1) await slack.say(`line ${at}`);
    await until("the hub", () => textsOn(hub).length === 5);
    expect(textsOn(discord)).toEqual([]);
    failing = false;
    await until("discord", () => textsOn(discord).length === 5);
    expect(textsOn(discord)).toEqual(textsOn(hub));
  });

  test("that refuses a message for good gets it buried with the reason, and the next one goes", async () => {
    await start();
    let refusals = 1;
    discord.onSend = () => {
      refusals -= 1;
      if (refusals >= 0) throw new RelayError("rejected", "too spicy", { retry: "never" });
    };
    await slack.say("first");
    await slack.say("second");
    await until("discord", () => textsOn(discord).length === 1);
    expect(textsOn(discord)).toEqual(["second"]);
    expect((await store.dead()).map(({ reason }) => reason)).toEqual(["too spicy"]);
    expect(reports.some(report => report.type === "buried" && report.reason === "too spicy")).toBe(true);
  });

  test("whose answer is lost gets the message recalled, not sent again", async () => {
    await start();
    const original = discord.adapter.send.bind(discord.adapter);
    let lost = true;
    Object.assign(discord.adapter, {
      send: async (...args: Parameters<typeof original>) => {
        const sent = await original(...args);
        if (lost) {
          lost = false;
          throw new RelayError("unreachable", "no answer", { retry: "later", delivered: "unknown", retryAfterMs: 1 });
        }
        return sent;
      },
    });
    const id = await slack.say("once");
    await until("the commit", () =>
      reports.some(report => report.type === "delivered" && report.lane.startsWith("discord")),
    );
    expect(textsOn(discord)).toEqual(["once"]);
    await slack.edit(id, "edited");
    await until("the edit", () => textsOn(discord).join() === "edited");
  });

  test("lets edits fold into a message that still waits", async () => {
    await start();
    const gate = Promise.withResolvers<void>();
    discord.onSend = () => gate.promise;
    await slack.say("in front");
    const id = await slack.say("draft");
    await slack.edit(id, "final");
    const gone = await slack.say("never seen");
    await slack.remove(gone);
    gate.resolve();
    await until("discord", () => textsOn(discord).length === 2);
    expect(textsOn(discord)).toEqual(["in front", "final"]);
  });
});

describe("a restart", () => {
  test("catches up with what was said meanwhile, before what is said now", async () => {
    await start();
    await slack.say("one");
    await until("the copy", () => textsOn(hub).length === 1);
    await relay.stop();
    await slack.say("two");
    await slack.say("three");
    await start();
    await slack.say("four");
    await until("all", () => textsOn(hub).length === 4 && textsOn(discord).length === 4);
    expect(textsOn(hub)).toEqual(["one", "two", "three", "four"]);
  });

  test("keeps what is said while another network can't be reached yet", async () => {
    await start();
    await relay.stop();
    await slack.say("while nobody listened");
    const down = Promise.withResolvers<void>();
    const check = async () => {
      await Promise.race([down.promise, Promise.reject(new RelayError("unreachable", "down", { retry: "later" }))]);
      return [];
    };
    await start({ adapters: { hub: hub.adapter, slack: slack.adapter, discord: { ...discord.adapter, check } } });
    await slack.say("while it is down");
    await until("the hub", () => textsOn(hub).length === 2);
    expect(textsOn(discord)).toEqual([]);
    down.resolve();
    await until("discord", () => textsOn(discord).length === 2);
    expect(textsOn(discord)).toEqual(["while nobody listened", "while it is down"]);
  });

  test("relays nothing from before the link", async () => {
    await slack.say("old news");
    await start();
    await slack.say("new");
    await until("the copy", () => textsOn(hub).length === 1);
    expect(textsOn(hub)).toEqual(["new"]);
  });
});

describe("a link", () => {
  const encrypted = {
    id: "encrypted",
    severity: "refuse",
    says: "It is encrypted.",
    cure: "Use another room.",
  } as const;

  test("that can't start is refused with its finding; the others run on", async () => {
    discord.findings.push(encrypted);
    await start();
    await slack.say("hello");
    await until("the hub", () => textsOn(hub).length === 1);
    const { links } = await relay.status();
    expect(links.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "hub:lobby active",
      "slack:lobby active",
      "discord:lobby refused",
    ]);
    expect(links[2]?.finding).toEqual(encrypted);
    expect(textsOn(discord)).toEqual([]);
  });

  test("to a private channel needs the configuration's word", async () => {
    discord.findings.push({ id: "private", severity: "refuse", says: "It is private.", cure: "Say private: true." });
    await start();
    expect((await relay.status()).links[2]?.state).toBe("refused");
    await relay.apply([
      {
        name: "ansible",
        hub: { channel: "hub:lobby" },
        links: [{ channel: "slack:lobby" }, { channel: "discord:lobby", private: true }],
      },
    ]);
    await slack.say("hello");
    await until("discord", () => textsOn(discord).length === 1);
  });

  test("that we were kicked from pauses, says so, and stays paused over a restart until resumed", async () => {
    await start();
    discord.kick({ id: "kicked", severity: "refuse", says: "We were kicked.", cure: "Ask why." });
    await until("the notice", () => textsOn(hub).length === 1 && textsOn(slack).length === 1);
    expect(textsOn(hub)[0]).toContain("discord:lobby is paused: We were kicked.");
    await restart();
    await slack.say("unheard");
    await until("the hub", () => textsOn(hub).includes("unheard"));
    expect(textsOn(discord)).toEqual([]);
    expect(await relay.resume(channelKey(discord.channel))).toBe(true);
    await slack.say("heard");
    await until("discord", () => textsOn(discord).length === 1);
    expect(textsOn(discord)).toEqual(["heard"]);
  });

  test("removed while running gets its lane buried, with a count", async () => {
    await start();
    discord.onSend = () => {
      throw new RelayError("unreachable", "down", { retry: "later", retryAfterMs: 60_000 });
    };
    await slack.say("one");
    await slack.say("two");
    await until("the hub", () => textsOn(hub).length === 2);
    await relay.apply([{ name: "ansible", hub: { channel: "hub:lobby" }, links: [{ channel: "slack:lobby" }] }]);
    expect(reports.find(report => report.type === "lane-buried")).toMatchObject({ lane: "discord:lobby", count: 2 });
    await slack.say("three");
    await until("the hub", () => textsOn(hub).length === 3);
    expect(textsOn(discord)).toEqual([]);
  });

  test("whose channel another link has is refused", async () => {
    const twin = { ...slack.adapter, resolve: async () => slack.channel };
    relay = createRelay({ store, adapters: { hub: hub.adapter, slack: twin } });
    const links = [{ channel: "slack:lobby" }, { channel: "slack:#lobby" }];
    await relay.start([{ name: "ansible", hub: { channel: "hub:lobby" }, links }]);
    const status = await relay.status();
    expect(status.links.filter(({ state }) => state === "refused").map(({ finding }) => finding?.id)).toEqual([
      "channel-twice",
    ]);
  });
});

test("rooms that cannot be right are refused whole, naming the culprit", async () => {
  await start();
  const twice = [...rooms, { name: "other", hub: { channel: "hub:den" }, links: [{ channel: "slack:lobby" }] }];
  await expect(relay.apply(twice)).rejects.toThrow(
    "slack:lobby is in room ansible and in room other; a channel belongs to one room",
  );
  const unknown = [{ name: "ansible", hub: { channel: "irc:lobby" }, links: [] }];
  await expect(relay.apply(unknown)).rejects.toThrow(
    "room ansible: irc:lobby names no known network (known: hub, slack, discord)",
  );
});

test("an adapter under another name than its own is refused, and a name that can't be one throws", async () => {
  await relay.stop();
  const adapters = { hub: hub.adapter, slack: slack.adapter, irc: discord.adapter };
  relay = createRelay({ store, adapters });
  await relay.start([{ name: "ansible", hub: { channel: "hub:lobby" }, links: [{ channel: "irc:lobby" }] }]);
  expect((await relay.status()).links[1]).toMatchObject({
    state: "refused",
    finding: { id: "bad-config", says: expect.stringContaining("the adapter irc was created as discord") },
  });
  expect(() => createRelay({ store, adapters: { IRC: hub.adapter } })).toThrow(RelayError);
});

test("a relay starts once", async () => {
  await expect(relay.start(rooms)).rejects.toMatchObject({ code: "stopped" });
  await relay.stop();
  await expect(relay.start(rooms)).rejects.toMatchObject({ code: "stopped" });
});
