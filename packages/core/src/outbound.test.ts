import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RelayError } from "./errors.ts";
import { channelKey } from "./model/ids.ts";
import { fail, storeBroken, storeFull, Town } from "./town.fixture.ts";

let town: Town;

beforeEach(() => {
  town = new Town();
});

afterEach(async () => {
  await town.relay.stop();
});

const noAnswer = (): RelayError => new RelayError("unreachable", "no answer", { retry: "later", delivered: "unknown" });

/** Sends take effect on Discord, and the first answer is lost. */
function loseAnswer(): void {
  const { adapter } = town.discord;
  const send = adapter.send.bind(adapter);
  let lost = false;
  Object.assign(adapter, {
    send: async (...args: Parameters<typeof send>) => {
      const copy = await send(...args);
      if (lost) return copy;
      lost = true;
      throw noAnswer();
    },
  });
}

describe("a message that was sent is not sent again", () => {
  test.each([
    ["full", storeFull],
    ["broken", storeBroken],
  ])("where the store is %s when it is to be kept", async (_name, error) => {
    await town.start();
    const lane = channelKey(town.discord.channel);
    Object.assign(town.store, { commit: fail(town.store.commit, error, key => key === lane) });
    const id = await town.slack.say("once");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["once"]);
    await town.slack.edit(id, "edited");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["edited"]);
    expect(await town.store.dead()).toEqual([]);
  });

  test("where the store is full when the lost answer is to be kept", async () => {
    await town.start();
    loseAnswer();
    Object.assign(town.store, { defer: fail(town.store.defer, storeFull) });
    await town.slack.say("once");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["once"]);
  });

  test("where the network answers no recall for a while", async () => {
    await town.start();
    loseAnswer();
    const { adapter } = town.discord;
    const slowDown = () => new RelayError("rate-limited", "slow down", { retry: "later", retryAfterMs: 10 });
    Object.assign(adapter, { recall: fail(adapter.recall.bind(adapter), slowDown) });
    await town.slack.say("once");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["once"]);
  });

  test("where a reply that had stepped aside could overtake it", async () => {
    await town.start();
    const asked = await town.slack.say("question");
    await town.pass();
    // A copy on the hub is answered there before its send is: the answer waits outside of Discord's lane.
    const gate = Promise.withResolvers<void>();
    const send = town.hub.adapter.send.bind(town.hub.adapter);
    Object.assign(town.hub.adapter, {
      send: async (...args: Parameters<typeof send>) => {
        const copy = await send(...args);
        await gate.promise;
        return copy;
      },
    });
    await town.slack.say("second question");
    await town.pass(0);
    await town.hub.say("answer", town.hub.shown().at(-1)?.id);
    await town.pass(0);
    loseAnswer();
    await town.slack.say("uncertain");
    await town.pass(0);
    gate.resolve();
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["question", "second question", "uncertain", "answer"]);
    expect(asked).toBe("m1");
  });
});

describe("a message that was edited", () => {
  /** An answer on Discord to a copy there that is not committed: on the hub it begins, and then steps aside. */
  async function answerEarly(): Promise<{ readonly id: string; readonly go: () => void }> {
    await town.start();
    const gate = Promise.withResolvers<void>();
    const send = town.discord.adapter.send.bind(town.discord.adapter);
    Object.assign(town.discord.adapter, {
      send: async (...args: Parameters<typeof send>) => {
        const copy = await send(...args);
        await gate.promise;
        return copy;
      },
    });
    await town.slack.say("question");
    await town.pass(0);
    const looking = Promise.withResolvers<void>();
    const { locate } = town.memory;
    Object.assign(town.store, {
      locate: async (...args: Parameters<typeof locate>) => {
        await looking.promise;
        return locate(...args);
      },
    });
    const id = await town.discord.say("answer", town.discord.shown().at(-1)?.id);
    await town.pass(0);
    return {
      id,
      go() {
        looking.resolve();
        void town.pass(0).then(gate.resolve);
      },
    };
  }

  test("just before it stepped aside says what the edit says", async () => {
    const { go, id } = await answerEarly();
    await town.discord.edit(id, "better answer");
    go();
    await town.pass();
    expect([town.texts(town.hub), town.texts(town.slack)]).toEqual(Array(2).fill(["question", "better answer"]));
  });

  test("or deleted just before it stepped aside is not sent", async () => {
    const { go, id } = await answerEarly();
    await town.discord.remove(id);
    go();
    await town.pass();
    expect([town.texts(town.hub), town.texts(town.slack)]).toEqual(Array(2).fill(["question"]));
  });

  test("says what the last edit says, although an older one takes effect late", async () => {
    await town.start();
    Object.assign(town.discord.adapter.capabilities, { settleMs: 5000 });
    const id = await town.slack.say("draft");
    await town.pass();
    const { adapter } = town.discord;
    const edit = adapter.edit.bind(adapter);
    let late: (() => Promise<unknown>) | undefined;
    Object.assign(adapter, {
      edit: async (...args: Parameters<typeof edit>) => {
        if (late) return edit(...args);
        late = () => edit(...args);
        town.clock.after(4000, () => void late?.());
        throw noAnswer();
      },
    });
    await town.slack.edit(id, "older");
    await town.pass(0);
    await town.slack.edit(id, "newest");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["newest"]);
  });
});

test("what an adapter can't render is buried, and the next one goes", async () => {
  await town.start();
  const { adapter } = town.discord;
  const render = adapter.render.bind(adapter);
  Object.assign(adapter, {
    render: (post: Parameters<typeof render>[0]) => {
      if (JSON.stringify(post.content).includes("poison")) throw new TypeError("no such node");
      return render(post);
    },
  });
  await town.slack.say("poison");
  await town.slack.say("bread");
  await town.pass(1000);
  expect(town.texts(town.discord)).toEqual(["bread"]);
  expect((await town.store.dead()).map(({ reason }) => reason)).toEqual([
    "discord cannot render it: unexpected error: no such node",
  ]);
});

describe("late twins", () => {
  test("are deleted all, also where that fails at first", async () => {
    await town.start();
    const { adapter } = town.discord;
    const send = adapter.send.bind(adapter);
    let sends = 0;
    Object.assign(adapter, {
      send: async (...args: Parameters<typeof send>) => {
        sends += 1;
        if (sends > 1) {
          await send(...args); // the first one arrives now, after it was judged absent
          return send(...args);
        }
        throw noAnswer();
      },
      remove: fail(adapter.remove.bind(adapter), () => new RelayError("unreachable", "down", { retry: "later" })),
    });
    await town.slack.say("once");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["once"]);
    expect((await town.store.stats()).find(({ lane }) => lane === "discord:lobby")).toMatchObject({
      healed: 1,
      dead: 0,
    });
    expect(town.reports.filter(({ type }) => type === "deferred")).toHaveLength(1);
  });
});

test("a twin that came by before the relay died is found by the next one", async () => {
  await town.start();
  const { adapter } = town.discord;
  const send = adapter.send.bind(adapter);
  let sends = 0;
  Object.assign(adapter, {
    send: async (...args: Parameters<typeof send>) => {
      sends += 1;
      if (sends === 1) throw noAnswer();
      await send(...args); // the first one arrives after it was judged absent
      await send(...args);
      return Promise.withResolvers<never>().promise;
    },
  });
  await town.slack.say("once");
  await town.pass(60_000);
  town.discord.missed(); // history has shown both
  await town.pass(60_000);
  const stopped = town.relay.stop();
  await town.pass(10_000);
  await stopped;
  await town.start();
  await town.pass();
  expect(town.texts(town.discord)).toEqual(["once"]);
});

describe("a network that loses what prepare made", () => {
  test("gets nothing before the ids that it will be written as are kept", async () => {
    await town.start();
    const { adapter } = town.discord;
    let lost = true;
    town.discord.onSend = () => {
      if (lost) throw new RelayError("unprepared", "no webhook", { retry: "later" });
    };
    Object.assign(adapter, {
      prepare: async () => {
        lost = false;
        return ["another-bot"];
      },
    });
    Object.assign(town.store, { addOwn: fail(town.store.addOwn, storeFull, () => true, 3) });
    await town.slack.say("hello");
    await town.pass();
    expect(town.texts(town.discord)).toEqual(["hello"]);
    expect(await town.store.own(town.discord.channel.network)).toContain("another-bot");
  });
});
