import assert from "node:assert/strict";
import { RelayError } from "../errors.ts";
import { Capabilities } from "../model/capabilities.ts";
import type { Content } from "../model/content.ts";
import { RelayEvent } from "../model/event.ts";
import { messageRef, NetworkName } from "../model/ids.ts";
import { type ContractNetwork, newKey, Rig } from "./rig.ts";

/** The part of a test runner that a contract needs; vitest's and node:test's `test` fit. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

/**
 * What the relay relies on in every adapter. `create` gives a fresh network each time. Deviations are declared in the
 * adapter's capabilities, never skipped here.
 */
export function adapterContract(test: TestFunction, create: () => Promise<ContractNetwork>): void {
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      const rig = await Rig.open(await create());
      try {
        await run(rig);
      } finally {
        await rig.close();
      }
    });
  }
}

const cases: Record<string, (rig: Rig) => Promise<void>> = {
  "describes itself by valid capabilities": async ({ adapter }) => {
    Capabilities.parse(adapter.capabilities);
  },

  "prepares a channel twice with the same ids": async ({ adapter, channel, own }) => {
    assert.ok(own.size > 0, "prepare must say what copies are written as");
    assert.deepEqual(new Set(await adapter.prepare(channel)), own);
    assert.deepEqual(
      (await adapter.check(channel)).filter(({ severity, id }) => severity === "refuse" && id !== "private"),
      [],
    );
  },

  "tells of a message, its edit and its delete, in order": async rig => {
    const id = await rig.network.say("first");
    await rig.heard(1); // some networks no longer show what was changed before it was fetched
    await rig.network.edit(id, "second");
    await rig.heard(2);
    await rig.network.remove(id);
    const events = await rig.heard(3);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["created", "edited", "deleted"],
    );
    for (const event of events) {
      RelayEvent.parse(event);
      const ref = event.type === "created" ? event.message.ref : event.ref;
      assert.deepEqual(ref, messageRef(rig.channel, id));
    }
    assert.equal(new Set(events.map(event => event.id)).size, 3, "each happening has an id of its own");
  },

  "says what a message answers": async rig => {
    if (rig.adapter.capabilities.replies !== "full") return;
    const question = await rig.network.say("question");
    const answer = await rig.network.say("answer", question);
    const heard = (await rig.heard(2)).find(event => event.type === "created" && event.message.ref.message === answer);
    assert.ok(heard?.type === "created");
    const target = heard.message.replyTo ?? heard.message.thread;
    assert.deepEqual(target, messageRef(rig.channel, question));
  },

  "reads history with the ids of the live events": async rig => {
    const start = await rig.adapter.head(rig.channel);
    for (const text of ["one", "two", "three"]) await rig.network.say(text);
    const live = await rig.heard(3);
    const read = await rig.history(start);
    assert.deepEqual(
      read.map(({ id }) => id),
      live.map(({ id }) => id),
    );
  },

  "goes on from any cursor without a gap": async rig => {
    const start = await rig.adapter.head(rig.channel);
    for (const text of ["one", "two", "three", "four"]) await rig.network.say(text);
    await rig.heard(4);
    const all = await rig.history(start);
    for (const [at, event] of all.entries()) {
      assert.ok(event.cursor, "every event of history has its cursor");
      const rest = await rig.history(event.cursor);
      assert.deepEqual(
        rest.map(({ id }) => id),
        all.slice(at + 1).map(({ id }) => id),
      );
    }
    assert.deepEqual(await rig.history(await rig.adapter.head(rig.channel)), []);
  },

  "sends once, under the author's name": async rig => {
    const copy = await rig.send("hello there");
    const shown = await rig.shownWith("hello there");
    assert.equal(shown.length, 1);
    assert.equal(shown[0]?.id, copy.ref.message);
    assert.equal(shown[0]?.author, "Zoë Quill");
  },

  "sends in order": async rig => {
    for (const text of ["alpha", "beta", "gamma"]) await rig.send(text);
    const order = (await rig.network.shown()).map(({ text }) => text);
    const at = ["alpha", "beta", "gamma"].map(text => order.findIndex(line => line.includes(text)));
    assert.ok(at.every(place => place >= 0) && at.every((place, index) => index === 0 || place > (at[index - 1] ?? 0)));
  },

  "knows its own copies by what prepare said": async rig => {
    const copy = await rig.send("mine");
    const seen = await rig.eventOf(copy);
    assert.ok([seen.message.author.id, ...(seen.message.author.via ?? [])].some(id => rig.own.has(id)));
  },

  "carries the key where it says so": async rig => {
    if (rig.adapter.capabilities.marks.length === 0) return;
    const start = await rig.adapter.head(rig.channel);
    const key = newKey();
    await rig.send("marked", key);
    const read = await rig.history(start);
    assert.ok(read.some(event => event.type === "created" && event.message.key === key));
  },

  "settles a repeated or unanswered send": async rig => {
    const before = await rig.send("before");
    const key = newKey();
    const [part] = rig.adapter.render(rig.post("only once"));
    const sent = await rig.adapter.send(rig.channel, part, key);
    if (rig.adapter.capabilities.idempotent) {
      assert.deepEqual((await rig.adapter.send(rig.channel, part, key)).ref, sent.ref);
    } else {
      const found = await rig.adapter.recall(rig.channel, part, key, before.ref);
      assert.ok(typeof found === "object", `recall said ${String(found)}`);
      assert.deepEqual(found.ref, sent.ref);
      assert.equal(await rig.adapter.recall(rig.channel, part, newKey(), before.ref), "absent");
    }
    assert.equal((await rig.shownWith("only once")).length, 1);
  },

  "edits a copy, also twice": async rig => {
    const copy = await rig.send("old words");
    const [part] = rig.adapter.render(rig.post("new words"));
    const edited = await rig.adapter.edit(copy, part, newKey());
    await rig.adapter.edit(edited, part, newKey());
    assert.equal((await rig.shownWith("old words")).length, 0);
    assert.equal((await rig.shownWith("new words")).length, 1);
    assert.deepEqual(edited.ref, copy.ref);
  },

  "removes a copy, also twice, and nothing else": async rig => {
    await rig.send("stays");
    const copy = await rig.send("goes");
    await rig.adapter.remove(copy, newKey());
    await rig.adapter.remove(copy, newKey());
    assert.equal((await rig.shownWith("goes")).length, 0);
    assert.equal((await rig.shownWith("stays")).length, 1);
  },

  "says that a copy is gone": async rig => {
    const copy = await rig.send("soon gone");
    await rig.adapter.remove(copy, newKey());
    const [part] = rig.adapter.render(rig.post("too late"));
    await assert.rejects(
      rig.adapter.edit(copy, part, newKey()),
      error => error instanceof RelayError && error.code === "not-found",
    );
  },

  "splits what is too long and loses nothing": async rig => {
    const { amount } = rig.adapter.capabilities.limits.part;
    const words = Array.from({ length: Math.ceil(amount / 4) }, (_, at) => `w${at}`);
    const parts = rig.adapter.render(rig.post(words.join(" ")));
    assert.ok(parts.length > 1);
    for (const part of parts) await rig.adapter.send(rig.channel, part, newKey());
    const text = (await rig.network.shown()).map(shown => shown.text).join(" ");
    for (const word of [words[0], words[Math.floor(words.length / 2)], words.at(-1)])
      assert.ok(text.includes(word ?? "?"));
  },

  "answers where it can": async rig => {
    if (rig.adapter.capabilities.replies !== "full") return;
    const question = await rig.network.say("which one?");
    const target = { ref: messageRef(rig.channel, question), author: "Ann" };
    const copy = await rig.send("that one", newKey(), { replyTo: target });
    const shown = (await rig.network.shown()).find(({ id }) => id === copy.ref.message);
    assert.equal(shown?.replyTo, question);
  },

  "leaves people of other networks unpinged": async rig => {
    const person = {
      type: "userMention",
      network: NetworkName.parse("elsewhere"),
      person: "U0STRANGER",
      name: "Stranger",
    } as const;
    const content: Content = {
      type: "root",
      children: [{ type: "paragraph", children: [person, { type: "text", value: " look" }] }],
    };
    const [part] = rig.adapter.render({ ...rig.post(""), content });
    await rig.adapter.send(rig.channel, part, newKey());
    assert.equal((await rig.shownWith("@Stranger")).length, 1);
    assert.equal((await rig.shownWith("U0STRANGER")).length, 0);
  },
};
