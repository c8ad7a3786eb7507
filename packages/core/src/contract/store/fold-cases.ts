import assert from "node:assert/strict";
import {
  begunOf,
  type Cases,
  copied,
  created,
  deleted,
  discordKey,
  drained,
  edited,
  event,
  hub,
  hubKey,
  LATER_MS,
  slackKey,
  taken,
} from "./fixture.ts";

/** Edits and deletes of a message that still waits, not begun, go into it. */
export const foldCases: Cases = {
  "an edit goes into the creation that waits, and later edits replace earlier ones": async ({ store, reopen }) => {
    await store.accept(created("begun"));
    await store.accept(created("one"));
    await store.accept(created("two"));
    const folded = await store.accept(edited("one", "one, corrected"));
    assert.deepEqual(folded, { fresh: true, begun: [], lanes: [hubKey], folded: 1 });
    await store.accept(edited("one", "one, corrected twice"));
    assert.equal((await store.stats())[0]?.waiting, 3);
    assert.deepEqual(await drained(await reopen()), ["begun", "one, corrected twice", "two"]);
  },

  "an edit of what is begun or delivered follows it, and the next edit goes into that": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    assert.equal((await store.accept(edited("one", "first"))).folded, 0);
    assert.equal((await store.accept(edited("one", "second"))).folded, 1);
    const following = await store.commit(hubKey, id, copied(hub, "$one"), true);
    assert.equal(following?.kind, "edited");
    await store.accept(edited("one", "third"));
    assert.deepEqual(await drained(store), ["edited second", "edited third"]);
  },

  "an edit goes into the creation of its own message and lane only": async ({ store }) => {
    for (const name of ["begun", "one", "two"]) await store.accept(created(name, [hubKey, discordKey]));
    await store.accept(event("edited", "two", "two, corrected", [hubKey]));
    assert.deepEqual(await drained(store), ["begun", "one", "two, corrected"]);
    assert.deepEqual(await drained(store, discordKey), ["begun", "one", "two"]);
  },

  "a delete takes a creation that waits out of the lane, its edits with it": async ({ store, reopen }) => {
    await store.accept(created("begun"));
    await store.accept(created("one"));
    await store.accept(edited("one", "one, corrected"));
    const gone = await store.accept(deleted("one"));
    assert.deepEqual(gone, { fresh: true, begun: [], lanes: [], folded: 1 });
    assert.deepEqual(await drained(await reopen()), ["begun"]);
  },

  "a delete of what is begun or delivered follows it, and takes waiting edits out": async ({ store }) => {
    await store.accept(created("one"));
    await store.accept(edited("one", "in vain"));
    const { folded, lanes } = await store.accept(deleted("one"));
    assert.deepEqual({ folded, lanes }, { folded: 0, lanes: [hubKey] });
    assert.deepEqual(await drained(store), ["one", "deleted one"]);
  },

  "an edit goes into a parked creation, and a delete ends it": async ({ store }) => {
    for (const name of ["one", "two"]) {
      const { id } = begunOf(await store.accept(created(name)));
      await store.park(hubKey, id, Date.now() + LATER_MS);
    }
    assert.equal((await store.accept(edited("one", "one, corrected"))).folded, 1);
    assert.equal((await store.accept(deleted("two"))).folded, 1);
    assert.equal((await store.stats())[0]?.parked, 1);
    const parked = await store.accept(created("three"));
    assert.deepEqual(parked.lanes, [hubKey]);
  },

  "an edit goes into a deferred creation only where it certainly was not sent": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.defer(hubKey, id, Date.now() - 1, false);
    assert.equal((await store.accept(edited("one", "corrected"))).folded, 1);
    const again = taken(await store.next(hubKey));
    assert.equal(again.delivery.id, id);
    await store.defer(hubKey, id, Date.now() - 1, true);
    assert.equal((await store.accept(edited("one", "too late"))).folded, 0);
    assert.equal((await store.accept(deleted("one"))).folded, 0);
    assert.deepEqual(await drained(store), ["corrected", "deleted one"]);
  },

  "an edit does not go into a creation of which a part is said": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.commit(hubKey, id, copied(hub, "$one.0"), false);
    await store.defer(hubKey, id, Date.now() - 1, false);
    assert.equal((await store.accept(edited("one", "corrected"))).folded, 0);
    assert.equal((await store.accept(deleted("one"))).folded, 0);
    assert.deepEqual(await drained(store), ["one", "deleted one"]);
  },

  "an edit does not go into a dead letter": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.bury(hubKey, id, "refused");
    assert.equal((await store.accept({ ...edited("one", "corrected"), channel: slackKey })).folded, 0);
    assert.deepEqual(await drained(store), ["edited corrected"]);
  },
};
