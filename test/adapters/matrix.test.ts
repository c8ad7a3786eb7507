import type { RelayEvent } from "@fanin/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, createBench, type Mode, newKey, onlyPart, postOf, until } from "./matrix-fixture.ts";

describe.each<Mode>(["application service", "plain account"])("as %s", mode => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await createBench(mode);
  });
  afterEach(() => bench.stop());

  test("hears what people say, edit and delete, in order and under their names", async () => {
    const { connect, people, inbox, channel } = bench;
    await connect();
    const id = await people.say("@ann:hub.test", "hello");
    // What is deleted before it was delivered is never seen.
    await until(() => inbox.events.length === 1);
    await people.edit("@ann:hub.test", id, "hello all");
    await people.remove("@ann:hub.test", id);
    await until(() => inbox.events.length === 3);
    const [created, edited, deleted] = inbox.events;
    expect(created).toMatchObject({
      type: "created",
      channel,
      message: { ref: { ...channel, message: id }, author: { id: "@ann:hub.test", name: "Ann" } },
    });
    expect(edited).toMatchObject({ type: "edited", ref: { ...channel, message: id } });
    expect(JSON.stringify(edited)).toContain("hello all");
    expect(deleted).toMatchObject({ type: "deleted", ref: { ...channel, message: id } });
  });

  test("sends, edits and removes under its key, as one account", async () => {
    const { adapter, channel, people, self } = bench;
    const part = onlyPart(adapter.render(postOf("from Slack")));
    const key = newKey();
    const copy = await adapter.send(channel, part, key);
    expect(await adapter.send(channel, part, key)).toEqual(copy);
    expect(copy.handle).toBe(self);
    expect(people.said()).toHaveLength(1);
    await adapter.edit(copy, onlyPart(adapter.render(postOf("from Slack, corrected"))), newKey());
    expect(people.said()).toMatchObject([{ id: copy.ref.message, edited: true, relayed: true }]);
    expect(people.said()[0]?.text).toContain("corrected");
    await adapter.remove(copy, newKey());
    await adapter.remove(copy, newKey());
    expect(people.said()).toHaveLength(0);
    await expect(adapter.edit(copy, part, newKey())).rejects.toMatchObject({ code: "not-found", retry: "never" });
  });

  test("reads history after a cursor: creations, edits and deletes, its own too", async () => {
    const { adapter, channel, people, self } = bench;
    await people.say("@ann:hub.test", "before");
    const head = await adapter.head(channel);
    const first = await people.say("@ann:hub.test", "one");
    await people.edit("@ann:hub.test", first, "uno");
    const second = await people.say("@bob:hub.test", "two");
    await people.remove("@bob:hub.test", second);
    const key = newKey();
    const copy = await adapter.send(channel, onlyPart(adapter.render(postOf("mine"))), key);
    const events = await readAll(adapter.history(channel, head));
    expect(events.map(({ type }) => type)).toEqual(["created", "edited", "deleted", "created"]);
    expect(events[0]).toMatchObject({ message: { ref: { message: first }, author: { name: "Ann" } } });
    expect(events[2]).toMatchObject({ ref: { message: second } });
    expect(events[3]).toMatchObject({ message: { ref: copy.ref, key, author: { id: self, name: "Carol" } } });
    const last = events.at(-1);
    if (last?.type === "lost" || !last?.cursor) throw new Error("no cursor");
    expect(await readAll(adapter.history(channel, last.cursor))).toEqual([]);
  });

  test("finds nothing wrong where it is in a public room", async () => {
    const { adapter, channel } = bench;
    expect(await adapter.check()).toEqual([]);
    expect(await adapter.check(channel)).toEqual([]);
  });
});

async function readAll<T extends RelayEvent | { type: "lost" }>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
