import assert from "node:assert/strict";
import { Cursor } from "../../model/ids.ts";
import { begunOf, type Cases, created, discordKey, drained, hubKey, said, slackKey, taken, textOf } from "./fixture.ts";

/** Dedupe, order, and that one write makes all of an event durable. */
export const acceptCases: Cases = {
  "an accepted event is in its lanes after a restart": async ({ store, reopen }) => {
    const { fresh, lanes } = await store.accept(created("one", [hubKey, discordKey]));
    assert.equal(fresh, true);
    assert.deepEqual(new Set(lanes), new Set([hubKey, discordKey]));
    const again = await reopen();
    assert.deepEqual(new Set(await again.lanes()), new Set([hubKey, discordKey]));
    const { delivery } = taken(await again.next(discordKey));
    assert.equal(textOf(delivery), "one");
    assert.deepEqual(delivery.source, said("one"));
    assert.deepEqual(delivery.author, { id: "U1", name: "Ada" });
    assert.deepEqual(delivery.saying?.files, [{ name: "log.txt" }]);
    assert.equal(delivery.part, 0);
    assert.equal(delivery.attempts, 0);
    assert.equal(delivery.parkedOut, false);
    assert.ok(Math.abs(delivery.acceptedAt - Date.now()) < 60_000);
  },

  "an event accepted twice is delivered once, also after a restart": async ({ store, reopen }) => {
    await store.accept(created("one"));
    const twice = await store.accept(created("one"));
    assert.deepEqual(twice, { fresh: false, begun: [], lanes: [], folded: 0 });
    const again = await reopen();
    assert.equal((await again.accept(created("one"))).fresh, false);
    assert.deepEqual(await drained(again), ["one"]);
    assert.equal((await again.accept(created("one"))).fresh, false);
    assert.deepEqual(await drained(again), []);
  },

  "event ids are told apart by channel": async ({ store }) => {
    await store.accept(created("one"));
    assert.equal((await store.accept({ ...created("one"), channel: discordKey })).fresh, true);
    assert.deepEqual(await drained(store), ["one", "one"]);
  },

  "delivery ids are 24 hex digits and differ by lane and event": async ({ store }) => {
    await store.accept(created("one", [hubKey, discordKey]));
    await store.accept(created("two", [hubKey, discordKey]));
    const ids = [];
    for (const lane of [hubKey, discordKey]) {
      const { delivery } = taken(await store.next(lane));
      ids.push(delivery.id, (await store.commit(lane, delivery.id, { type: "nothing" }, true))?.id ?? "");
    }
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.match(id, /^[0-9a-f]{24}$/);
  },

  "a channel receives creations in the order they were accepted": async ({ store, reopen }) => {
    const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
    for (const name of names.slice(0, 6)) await store.accept(created(name));
    const again = await reopen();
    for (const name of names.slice(6)) await again.accept(created(name));
    assert.deepEqual(await drained(again), names);
  },

  "calls take effect in the order they are made, however many are under way": async ({ store }) => {
    const names = Array.from({ length: 300 }, (_, index) => `m${index}`);
    const accepts = names.map(name => store.accept(created(name, [hubKey, discordKey])));
    const counted = store.stats();
    const known = store.accept(created("m299"));
    const settled = await Promise.all(accepts);
    assert.equal((await counted).find(({ lane }) => lane === hubKey)?.waiting, 300);
    assert.equal((await known).fresh, false);
    assert.deepEqual(
      settled.map(({ begun }) => begun.length),
      names.map((_, index) => (index === 0 ? 2 : 0)),
    );
    const both = await Promise.all([drained(store), drained(store, discordKey)]);
    assert.deepEqual(both, [names, names]);
  },

  "the cursor moves with the event, in one write": async ({ store, reopen }) => {
    await store.accept({ ...created("one"), cursor: Cursor.parse("after one") });
    await store.accept(created("two"));
    assert.equal(await store.cursor(slackKey), "after one");
    await store.accept({ ...created("two"), cursor: Cursor.parse("after two") });
    assert.equal(await (await reopen()).cursor(slackKey), "after two", "a known event moves the cursor too");
  },

  "an acceptance cut off by a crash has happened whole or not at all": async ({ store, reopen }) => {
    const whole = { ...created("one", [hubKey, discordKey]), cursor: Cursor.parse("after one") };
    void store.accept(whole).catch(() => undefined);
    const again = await reopen();
    const moved = (await again.cursor(slackKey)) !== undefined;
    const lanes = await again.lanes();
    const { fresh } = await again.accept(whole);
    assert.equal(lanes.length, moved ? 2 : 0);
    assert.equal(fresh, !moved);
    assert.deepEqual(await drained(again), ["one"]);
    assert.deepEqual(await drained(again, discordKey), ["one"]);
  },

  "an event for nobody is known all the same": async ({ store }) => {
    assert.deepEqual((await store.accept(created("one", []))).lanes, []);
    assert.equal((await store.accept(created("one", []))).fresh, false);
    assert.deepEqual(await store.lanes(), []);
  },

  "a delivery that meets an idle lane is begun in the same write": async ({ store }) => {
    const first = await store.accept(created("one", [hubKey, discordKey]));
    assert.deepEqual(
      first.begun.map(({ lane }) => lane),
      [hubKey, discordKey],
    );
    const second = await store.accept(created("two"));
    assert.deepEqual(second.begun, []);
    assert.deepEqual(second.lanes, [hubKey]);
    const id = begunOf(first).id;
    const following = await store.commit(hubKey, id, { type: "nothing" }, true);
    assert.equal(textOf(following), "two");
    await store.commit(hubKey, following?.id ?? "", { type: "nothing" }, true);
    assert.equal(textOf(begunOf(await store.accept(created("three")))), "three");
  },
};
