import { Cursor, plainContent, plainText, type RelayEvent } from "@fanin/core";
import type { Fault } from "@fanin/sandbox";
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

  test("goes by the names that people have in the room, as they change", async () => {
    const { connect, homeserver, people, inbox } = bench;
    await connect();
    await people.say("@ann:hub.test", "one");
    await until(() => inbox.events.length === 1);
    const account = homeserver.homeserver.register("@ann:hub.test");
    homeserver.homeserver.setProfile(account, { displayname: "Ann B" });
    await people.say("@ann:hub.test", "two");
    await until(() => inbox.events.length === 2);
    const names = inbox.events.map(event => event.type === "created" && event.message.author.name);
    expect(names).toEqual(["Ann", "Ann B"]);
  });

  test("takes no edit from anybody but the author", async () => {
    const { adapter, connect, homeserver, people, inbox, channel, room } = bench;
    const old = await people.say("@ann:hub.test", "old");
    const head = await adapter.head(channel);
    await connect();
    const fresh = await people.say("@ann:hub.test", "fresh");
    const { homeserver: server } = homeserver;
    for (const id of [old, fresh]) {
      const content = { msgtype: "m.text", body: "forged" };
      const relation = { rel_type: "m.replace", event_id: id };
      const edit = { ...content, "m.new_content": content, "m.relates_to": relation };
      server.send("@bob:hub.test", server.room(room), "m.room.message", edit);
    }
    await people.edit("@ann:hub.test", old, "true");
    await until(() => inbox.events.at(-1)?.type === "edited");
    const expected = [
      { type: "created", message: { ref: { message: fresh } } },
      { type: "edited", ref: { message: old }, content: plainContent("true") },
    ];
    expect(inbox.events.slice(-2)).toMatchObject(expected);
    expect(await readAll(adapter.history(channel, head))).toMatchObject(expected);
  });

  test("is not held up by what it does not understand", async () => {
    const { connect, homeserver, people, inbox, room } = bench;
    await connect();
    const { homeserver: server } = homeserver;
    const odd: [string, Record<string, unknown>][] = [
      ["m.room.message", {}],
      ["m.room.message", { msgtype: 7, body: { not: "text" } }],
      ["m.room.message", { msgtype: "m.text", body: "x", "m.relates_to": { rel_type: "m.replace", event_id: 5 } }],
      ["m.room.message", { msgtype: "m.text", body: "", "m.new_content": "x", "m.relates_to": [] }],
      ["m.room.encrypted", { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "…" }],
      ["m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id: "$x", key: "👍" } }],
      ["org.example.thing", { any: ["thing"] }],
    ];
    for (const [type, content] of odd) server.send("@bob:hub.test", server.room(room), type, content);
    await people.say("@ann:hub.test", "and on");
    await until(() => inbox.texts().includes("and on"));
  });

  test("a purged cursor is a loss that is told, then the newest is read", async () => {
    const { adapter, channel, people } = bench;
    for (const text of ["one", "two"]) await people.say("@ann:hub.test", text);
    const items = await readAll(adapter.history(channel, Cursor.parse("$purged")));
    expect(items.map(({ type }) => type)).toEqual(["lost", "created", "created"]);
    expect(items[0]).toMatchObject({ toMs: expect.any(Number), why: expect.stringContaining("no longer") });
  });

  test("history is read to its end, however long", async () => {
    const { adapter, channel, people } = bench;
    const head = await adapter.head(channel);
    const said = Array.from({ length: 250 }, (_, index) => `line ${index}`);
    for (const text of said) await people.say("@ann:hub.test", text);
    const read = await readAll(adapter.history(channel, head));
    expect(read.map(event => event.type === "created" && plainText(event.message.content))).toEqual(said);
  });

  test("an unanswered send is one message when it is repeated, and can be found by its key", async () => {
    const { adapter, channel, homeserver, people } = bench;
    const before = await adapter.send(channel, onlyPart(adapter.render(postOf("before"))), newKey());
    const part = onlyPart(adapter.render(postOf("once")));
    const key = newKey();
    homeserver.faults.add({ calls: /^PUT .*send/, times: 1, answer: "reset", when: "after" });
    await expect(adapter.send(channel, part, key)).rejects.toMatchObject({ code: "unreachable", delivered: "unknown" });
    const found = await adapter.recall(channel, part, key, before.ref);
    expect(await adapter.send(channel, part, key)).toEqual(found);
    expect(people.said()).toHaveLength(2);
    expect(await adapter.recall(channel, part, newKey(), before.ref)).toBe("absent");
    expect(await adapter.recall(channel, part, newKey(), undefined)).toBe("unknown");
  });

  test("refused and failed calls are told apart", async () => {
    const { adapter, channel, homeserver } = bench;
    const part = onlyPart(adapter.render(postOf("hi")));
    const failure = async (fault: Pick<Fault, "answer" | "retryAfterMs">) => {
      homeserver.faults.add({ calls: /^PUT /, times: 1, when: "before", ...fault });
      return adapter.send(channel, part, newKey()).catch((error: unknown) => error);
    };
    expect(await failure({ answer: 429, retryAfterMs: 2000 })).toMatchObject({
      code: "rate-limited",
      retryAfterMs: 2000,
    });
    expect(await failure({ answer: 503 })).toMatchObject({ code: "unreachable", retry: "later", delivered: "unknown" });
    await homeserver.close();
    await expect(adapter.check()).rejects.toMatchObject({ code: "unreachable", retry: "later" });
  });
});

describe.each<Mode>(["application service", "plain account"])("the room of %s", mode => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await createBench(mode);
  });
  afterEach(() => bench.stop());

  test("finds nothing wrong where it is in a public room", async () => {
    const { adapter, channel } = bench;
    expect(await adapter.check()).toEqual([]);
    expect(await adapter.check(channel)).toEqual([]);
  });

  test("says what is wrong, and what to do", async () => {
    const { adapter, channel, set, homeserver } = bench;
    set("m.room.join_rules", { join_rule: "invite" });
    expect(await findings()).toEqual(["private"]);
    set("m.room.power_levels", { events_default: 20 });
    expect(await adapter.check(channel)).toMatchObject([
      { id: "private" },
      { id: "power-too-low", says: expect.stringMatching(/power 0 .* need 20/) },
    ]);
    set("m.room.power_levels", { events: { "m.room.message": 30 }, users: { "@fanin:hub.test": 30 } });
    expect(await findings()).toEqual(["private"]);
    set("m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" });
    expect(await findings()).toEqual(["encrypted", "private"]);
    const outside = await adapter.resolve(homeserver.addRoom());
    expect((await adapter.check(outside)).map(({ id }) => id)).toEqual(["not-joined"]);
    const closed = await adapter.resolve(homeserver.addRoom({ preset: "private_chat" }));
    expect((await adapter.check(closed)).map(({ id }) => id)).toEqual(["not-joined", "private"]);
    await expect(adapter.prepare(closed)).rejects.toMatchObject({ code: "forbidden", finding: { id: "not-invited" } });

    async function findings(): Promise<string[]> {
      return (await adapter.check(channel)).map(({ id }) => id);
    }
  });

  test("whoever made the room may speak, whatever the levels say", async () => {
    const { adapter, homeserver, self } = bench;
    const own = await adapter.resolve(homeserver.addRoom({ creator: self, powerLevels: { events_default: 50 } }));
    expect(await adapter.check(own)).toEqual([]);
  });

  test("resolves aliases and ids, and refuses what is neither", async () => {
    const { adapter, channel, room } = bench;
    expect(await adapter.resolve(room)).toEqual(channel);
    for (const name of ["#nobody:hub.test", "lounge", "#lounge"]) {
      await expect(adapter.resolve(name)).rejects.toMatchObject({
        code: "bad-config",
        finding: { id: "unknown-channel" },
      });
    }
  });

  test.each([
    ["kicked", "leave"],
    ["banned", "ban"],
  ])("being %s is told", async (id, membership) => {
    const { connect, homeserver, inbox, people, room, self } = bench;
    await connect();
    await people.say("@ann:hub.test", "bye");
    const { homeserver: server } = homeserver;
    server.appendMember(server.room(room), "@admin:hub.test", self, membership);
    await until(() => inbox.losses.length > 0);
    expect(inbox.losses).toMatchObject([
      { channel: room, finding: { id, says: expect.stringContaining("@admin:hub.test") } },
    ]);
    expect(inbox.texts()).toEqual(["bye"]);
  });

  test("a kick that was taken back before it was heard of is none", async () => {
    const { connect, homeserver, inbox, people, room, self } = bench;
    await connect();
    const { homeserver: server } = homeserver;
    server.appendMember(server.room(room), "@admin:hub.test", self, "leave");
    server.appendMember(server.room(room), self, self, "join");
    await people.say("@ann:hub.test", "welcome back");
    await until(() => inbox.texts().includes("welcome back"));
    expect(inbox.losses).toEqual([]);
  });

  test.each([
    ["m.room.encryption", "encrypted", { algorithm: "m.megolm.v1.aes-sha2" }],
    ["m.room.tombstone", "upgraded", { replacement_room: "!next", body: "moved" }],
  ])("%s is told", async (type, id, content) => {
    const { connect, inbox, room, set } = bench;
    await connect();
    set(type, content);
    await until(() => inbox.losses.length > 0);
    expect(inbox.losses).toMatchObject([{ channel: room, finding: { id } }]);
  });
});

async function readAll<T extends RelayEvent | { type: "lost" }>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
