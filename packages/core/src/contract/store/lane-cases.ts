import assert from "node:assert/strict";
import { RelayError } from "../../errors.ts";
import { begunOf, type Cases, copied, created, drained, hub, hubKey, said, taken, textOf } from "./fixture.ts";

/** Begun, parts, fencing; dead letters. */
export const laneCases: Cases = {
  "an empty lane has nothing": async ({ store }) => {
    assert.equal(await store.next(hubKey), undefined);
    assert.deepEqual(await store.lanes(), []);
    await store.accept(created("one"));
    await drained(store);
    assert.equal(await store.next(hubKey), undefined);
    assert.deepEqual(await store.lanes(), []);
  },

  "what is begun here is fresh, and stays the head": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    const next = taken(await store.next(hubKey));
    assert.equal(next.delivery.id, id);
    assert.equal(next.fresh, true);
  },

  "what was begun before a restart is not fresh, however often it is asked for": async ({ store, reopen }) => {
    const before = Date.now();
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    const again = await reopen();
    for (const _ of [1, 2]) {
      const next = taken(await again.next(hubKey));
      assert.equal(next.delivery.id, id);
      assert.equal(next.fresh, false);
      assert.ok(next.begunAt >= before - 1 && next.begunAt <= Date.now());
    }
    const following = await again.commit(hubKey, id, copied(hub, "$one"), true);
    assert.equal(textOf(following), "two");
    assert.equal(taken(await again.next(hubKey)).fresh, true);
  },

  "what a commit begins is not fresh after a restart": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    await store.accept(created("three"));
    await store.commit(hubKey, id, copied(hub, "$one"), true);
    const again = await reopen();
    const next = taken(await again.next(hubKey));
    assert.equal(textOf(next.delivery), "two");
    assert.equal(next.fresh, false);
    await again.commit(hubKey, next.delivery.id, copied(hub, "$two"), true);
    assert.equal(taken(await again.next(hubKey)).fresh, true);
  },

  "what nobody had begun before a restart is fresh": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.defer(hubKey, id, Date.now() - 1, false);
    assert.equal(taken(await (await reopen()).next(hubKey)).fresh, true);
  },

  "each part is one commit, and a restart goes on with the next": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    const second = await store.commit(hubKey, id, copied(hub, "$one.0", 0), false);
    assert.equal(second?.id, id);
    assert.equal(second?.part, 1);
    assert.equal(textOf(second), "one");
    const again = await reopen();
    const next = taken(await again.next(hubKey));
    assert.equal(next.delivery.id, id);
    assert.equal(next.delivery.part, 1);
    assert.equal(next.fresh, false, "the second part may have been sent");
    await again.commit(hubKey, id, copied(hub, "$one.1", 1), true);
    assert.deepEqual(
      (await again.copies(said("one"), hubKey)).map(({ part, ref }) => [part, ref.message]),
      [
        [0, "$one.0"],
        [1, "$one.1"],
      ],
    );
    assert.deepEqual(await drained(again), ["two"]);
  },

  "a commit is on disk whole: in the map and out of the lane": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    await store.commit(hubKey, id, copied(hub, "$one"), true);
    const again = await reopen();
    assert.equal((await again.copies(said("one"), hubKey)).length, 1);
    assert.deepEqual(await drained(again), ["two"]);
  },

  "a commit cut off by a crash has happened whole or not at all": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    void store.commit(hubKey, id, copied(hub, "$one"), true).catch(() => undefined);
    const again = await reopen();
    const copies = await again.copies(said("one"), hubKey);
    assert.deepEqual(await drained(again), copies.length > 0 ? [] : ["one"]);
  },

  "a commit of what is not begun here is refused and writes nothing": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    await leaseLost(store.commit(hubKey, "0123456789abcdef01234567", copied(hub, "$x"), true));
    const again = await reopen();
    await leaseLost(again.commit(hubKey, id, copied(hub, "$x"), true));
    taken(await again.next(hubKey));
    const following = await again.commit(hubKey, id, copied(hub, "$one"), true);
    await leaseLost(again.commit(hubKey, id, copied(hub, "$x"), true));
    await again.defer(hubKey, following?.id ?? "", Date.now() - 1, false);
    await leaseLost(again.commit(hubKey, following?.id ?? "", copied(hub, "$x"), true));
    assert.equal((await again.copies(said("one"), hubKey))[0]?.ref.message, "$one");
    assert.deepEqual(await again.copies(said("two"), hubKey), []);
    assert.deepEqual(await drained(again), ["two"]);
  },

  "a refused call leaves those made with it unharmed": async ({ store }) => {
    const calls = [
      store.accept(created("one")),
      store.commit(hubKey, "0123456789abcdef01234567", copied(hub, "$x"), true),
      store.accept(created("two")),
    ];
    const settled = await Promise.allSettled(calls);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(await drained(store), ["one", "two"]);
  },

  "a buried delivery leaves the lane for the dead letters, with the reason": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    assert.equal(await store.bury(hubKey, id, "the network refuses it"), 1);
    assert.equal(await store.bury(hubKey, id, "again"), 0);
    await leaseLost(store.commit(hubKey, id, copied(hub, "$one"), true));
    const again = await reopen();
    const dead = await again.dead();
    assert.equal(dead.length, 1);
    assert.equal(dead[0]?.reason, "the network refuses it");
    assert.equal(textOf(dead[0]?.delivery), "one");
    assert.ok(Math.abs((dead[0]?.at ?? 0) - Date.now()) < 60_000);
    assert.deepEqual(await drained(again), ["two"]);
  },

  "a whole lane is buried with a count, parked ones too": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() + 60_000);
    for (const name of ["two", "three"]) await store.accept(created(name));
    assert.equal(await store.bury(hubKey, undefined, "the link was removed"), 3);
    assert.deepEqual(await store.lanes(), []);
    assert.equal(await store.next(hubKey), undefined);
    assert.deepEqual((await store.dead()).map(({ delivery }) => textOf(delivery)).toSorted(), ["one", "three", "two"]);
  },

  "a replayed dead letter comes last, and was possibly sent": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    await store.bury(hubKey, id, "its fate is unknown");
    assert.equal(await store.replay(id), true);
    assert.equal(await store.replay(id), false);
    assert.equal(await store.replay("0123456789abcdef01234567"), false);
    assert.deepEqual(await store.dead(), []);
    const again = await reopen();
    const two = taken(await again.next(hubKey));
    assert.equal(textOf(two.delivery), "two");
    assert.equal(await again.commit(hubKey, two.delivery.id, { type: "nothing" }, true), undefined);
    const replayed = taken(await again.next(hubKey));
    assert.equal(replayed.delivery.id, id);
    assert.equal(replayed.fresh, false);
    assert.deepEqual(await drained(again), ["one"]);
  },
};

async function leaseLost(call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: unknown) => error instanceof RelayError && error.code === "lease-lost");
}
