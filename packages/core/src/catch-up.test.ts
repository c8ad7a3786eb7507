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

/** What people say while the relay hears nothing, and then it is told so. */
async function miss(...texts: string[]): Promise<void> {
  town.slack.deaf = true;
  for (const text of texts) await town.slack.say(text);
  town.slack.deaf = false;
  town.slack.missed();
}

describe("what was missed", () => {
  test("is read again where the store refused one event of many", async () => {
    await town.start();
    Object.assign(town.store, {
      accept: fail(town.store.accept, storeFull, ({ eventId }) => eventId === "created:m2"),
    });
    await miss("one", "two", "three");
    await town.pass();
    expect(town.texts(town.hub).toSorted()).toEqual(["one", "three", "two"]);
  });

  test.each([
    ["full", storeFull],
    ["broken", storeBroken],
  ])("is neither given up nor waited for in vain where the store is %s", async (_name, error) => {
    await town.start();
    for (const name of ["openGap", "cursor", "accept", "held", "closeGap"] as const) {
      const method: (...args: never[]) => Promise<unknown> = town.memory[name];
      Object.assign(town.store, { [name]: fail(method, error) });
    }
    await miss("one", "two");
    await town.pass();
    await town.slack.say("three");
    await town.pass();
    expect(town.texts(town.hub)).toEqual(["one", "two", "three"]);
    expect(town.reports.filter(({ type }) => type === "lost")).toEqual([]);
  });

  test("comes before what is said while an earlier gap closes", async () => {
    await town.start();
    const closing = Promise.withResolvers<void>();
    const { closeGap } = town.memory;
    Object.assign(town.store, {
      closeGap: async (channel: Parameters<typeof closeGap>[0]) => {
        const closed = await closeGap(channel);
        if (channel === channelKey(town.slack.channel)) await closing.promise;
        return closed;
      },
    });
    town.slack.missed();
    await town.pass(0);
    const history = town.slack.adapter.history.bind(town.slack.adapter);
    const reading = Promise.withResolvers<void>();
    Object.assign(town.slack.adapter, {
      history: async function* (...args: Parameters<typeof history>) {
        await reading.promise;
        yield* history(...args);
      },
    });
    await miss("one");
    await town.pass(0);
    closing.resolve();
    await town.pass(0);
    const said = town.slack.say("two");
    await town.pass(0);
    reading.resolve();
    await town.pass();
    await said;
    expect(town.texts(town.hub)).toEqual(["one", "two"]);
  });

  test("and can't be read is announced once, however often its end can't be", async () => {
    await town.start();
    const { adapter } = town.slack;
    const never = (): RelayError => new RelayError("forbidden", "not for you", { retry: "never" });
    Object.assign(adapter, {
      history: async function* () {
        yield* [];
        throw never();
      },
      head: fail(adapter.head.bind(adapter), never),
    });
    await miss("lost");
    await town.pass();
    town.slack.missed();
    await town.pass();
    await town.slack.say("heard");
    await town.pass();
    const [notice, ...rest] = town.texts(town.hub);
    expect(notice).toBe("What was said on slack:lobby could not be read and is missing here: not for you");
    expect(rest).toEqual(["heard"]);
  });
});

test("an event that could not be kept is not acknowledged, and is read before what comes after it", async () => {
  await town.start();
  Object.assign(town.store, { accept: fail(town.store.accept, storeFull) });
  await expect(town.slack.say("one")).rejects.toMatchObject({ code: "store-full" });
  await town.slack.edit("m1", "one, edited");
  await town.slack.say("two");
  await town.pass();
  expect(town.texts(town.hub)).toEqual(["one, edited", "two"]);
});
