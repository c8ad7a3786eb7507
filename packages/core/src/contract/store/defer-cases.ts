import assert from "node:assert/strict";
import { begunOf, type Cases, created, drained, edited, hubKey, LATER_MS, taken, textOf } from "./fixture.ts";

/** Waiting: at the head of the lane, or beside it. */
export const deferCases: Cases = {
  "a deferred head holds its lane until it is due": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(created("two"));
    const dueAt = Date.now() + LATER_MS;
    await store.defer(hubKey, id, dueAt, false);
    assert.deepEqual(await store.next(hubKey), { dueAt });
    assert.deepEqual((await store.accept(created("three"))).begun, []);
    const again = await reopen();
    assert.deepEqual(await again.next(hubKey), { dueAt });
    await again.defer(hubKey, id, Date.now() - 1, false);
    const next = taken(await again.next(hubKey));
    assert.equal(next.fresh, true);
    assert.equal(next.delivery.attempts, 2);
    assert.deepEqual(await drained(again), ["one", "two", "three"]);
  },

  "what was deferred as possibly sent is not fresh, and keeps its time": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    const { begunAt } = taken(await store.next(hubKey));
    await store.defer(hubKey, id, Date.now() - 1, true);
    assert.deepEqual(pick(await store.next(hubKey)), { fresh: false, begunAt });
    const again = await reopen();
    assert.deepEqual(pick(await again.next(hubKey)), { fresh: false, begunAt });
    await again.defer(hubKey, id, Date.now() - 1, false);
    assert.equal(pick(await again.next(hubKey)).fresh, true);
  },

  "a commit begins nothing that is not due": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() + LATER_MS);
    const two = begunOf(await store.accept(created("two")));
    await store.unpark(hubKey, id);
    const dueAt = Date.now() + LATER_MS;
    await store.defer(hubKey, id, dueAt, false);
    assert.equal(await store.commit(hubKey, two.id, { type: "nothing" }, true), undefined);
    assert.deepEqual(await store.next(hubKey), { dueAt });
  },

  "attempts are counted from the last part on": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.defer(hubKey, id, Date.now() - 1, true);
    assert.equal(taken(await store.next(hubKey)).delivery.attempts, 1);
    assert.equal((await store.commit(hubKey, id, { type: "nothing" }, false))?.attempts, 0);
    assert.equal(taken(await store.next(hubKey)).delivery.attempts, 0);
  },

  "what follows on the same message waits with a parked delivery": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.accept(edited("one", "corrected"));
    await store.accept(created("two"));
    await store.park(hubKey, id, Date.now() + LATER_MS);
    const two = taken(await store.next(hubKey)).delivery;
    assert.equal(textOf(two), "two");
    await store.commit(hubKey, two.id, { type: "nothing" }, true);
    assert.ok("dueAt" in ((await store.next(hubKey)) ?? {}));
    await store.unpark(hubKey, id);
    assert.deepEqual(await drained(store), ["one", "edited corrected"]);
  },

  "what comes back from aside does not overtake what is begun": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() + LATER_MS);
    const two = begunOf(await store.accept(created("two")));
    await store.accept(created("three"));
    await store.defer(hubKey, two.id, Date.now() - 1, true);
    await store.unpark(hubKey, id);
    const next = taken(await (await reopen()).next(hubKey));
    assert.deepEqual([textOf(next.delivery), next.fresh], ["two", false]);
  },

  "a parked delivery is overtaken, and its lane counts as idle": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    const until = Date.now() + LATER_MS;
    await store.park(hubKey, id, until);
    assert.deepEqual(await store.next(hubKey), { dueAt: until });
    const again = await reopen();
    assert.deepEqual(await again.lanes(), [hubKey]);
    assert.deepEqual(await again.next(hubKey), { dueAt: until });
    assert.equal(textOf(begunOf(await again.accept(created("two")))), "two");
    assert.deepEqual(await drained(again), ["two"]);
    assert.deepEqual(await again.next(hubKey), { dueAt: until });
  },

  "an unparked delivery comes at once, before those after it": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() + LATER_MS);
    const two = begunOf(await store.accept(created("two")));
    await store.accept(created("three"));
    await store.unpark(hubKey, id);
    const next = await store.commit(hubKey, two.id, { type: "nothing" }, true);
    assert.equal(next?.id, id);
    assert.equal(next?.parkedOut, false);
    assert.deepEqual(await drained(store), ["one", "three"]);
  },

  "a parked delivery whose wait is over comes without waiting on": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() - 1);
    const { delivery, fresh } = taken(await store.next(hubKey));
    assert.equal(delivery.parkedOut, true);
    assert.equal(fresh, true);
    assert.equal(taken(await (await reopen()).next(hubKey)).delivery.parkedOut, true);
  },

  "the end of a wait comes in order with what a commit begins": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.park(hubKey, id, Date.now() + LATER_MS);
    const two = begunOf(await store.accept(created("two")));
    await store.accept(created("three"));
    await store.park(hubKey, id, Date.now() - 1);
    const next = await store.commit(hubKey, two.id, { type: "nothing" }, true);
    assert.equal(next?.id, id);
    assert.equal(next?.parkedOut, true);
  },

  "parking does not forget a send that may have left": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.defer(hubKey, id, Date.now() - 1, true);
    await store.park(hubKey, id, Date.now() - 1);
    assert.equal(taken(await store.next(hubKey)).fresh, false);
  },
};

function pick(next: Parameters<typeof taken>[0]): { fresh: boolean; begunAt: number } {
  const { fresh, begunAt } = taken(next);
  return { fresh, begunAt };
}
