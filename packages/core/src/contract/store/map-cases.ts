import assert from "node:assert/strict";
import { messageRef } from "../../model/ids.ts";
import type { Store } from "../../store.ts";
import {
  begunOf,
  type Cases,
  copied,
  created,
  discord,
  discordKey,
  drained,
  edited,
  hub,
  hubKey,
  keyOf,
  said,
  slack,
} from "./fixture.ts";

/** The message map: originals and copies, marks, forgetting. */
export const mapCases: Cases = {
  "a message is found from any of its places": async ({ store, reopen }) => {
    await relayed(store, "one");
    const again = await reopen();
    const places = [said("one"), messageRef(hub, "$one"), messageRef(discord, "7one")];
    for (const ref of places) {
      assert.deepEqual(await again.locate(ref, slack), {
        ref: said("one"),
        author: "Ada",
      });
      assert.deepEqual(await again.locate(ref, hub), {
        ref: messageRef(hub, "$one"),
        handle: "handle of $one",
        author: "Ada",
      });
      assert.deepEqual(await again.locate(ref, discord), {
        ref: messageRef(discord, "7one"),
        handle: "handle of 7one",
        author: "Ada",
      });
    }
  },

  "a message that the map lacks is itself on its own channel and nowhere else": async ({ store }) => {
    const unknown = messageRef(hub, "$before the link");
    assert.deepEqual(await store.locate(unknown, hub), { ref: unknown });
    assert.equal(await store.locate(unknown, slack), undefined);
    assert.deepEqual(await store.copies(said("never"), hubKey), []);
  },

  "copies are kept by part and lane": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("long", [hubKey, discordKey])));
    await store.commit(hubKey, id, copied(hub, "$0", 0), false);
    await store.commit(hubKey, id, copied(hub, "$1", 1), true);
    const copies = await store.copies(said("long"), hubKey);
    assert.deepEqual(copies, [
      { part: 0, ref: messageRef(hub, "$0"), handle: "handle of $0", key: keyOf("$0") },
      { part: 1, ref: messageRef(hub, "$1"), handle: "handle of $1", key: keyOf("$1") },
    ]);
    assert.deepEqual(await store.copies(said("long"), discordKey), []);
    assert.equal((await store.locate(said("long"), hub))?.ref.message, "$0");
    assert.equal((await store.locate(messageRef(hub, "$1"), slack))?.ref.message, "long");
  },

  "a part that is gone leaves the map, the others stay": async ({ store }) => {
    const { id } = begunOf(await store.accept(created("long")));
    await store.commit(hubKey, id, copied(hub, "$0", 0), false);
    await store.commit(hubKey, id, copied(hub, "$1", 1), true);
    const edit = begunOf(await store.accept(edited("long", "short")));
    await store.commit(hubKey, edit.id, copied(hub, "$0", 0), false);
    await store.commit(hubKey, edit.id, { type: "gone", part: 1 }, true);
    assert.deepEqual(
      (await store.copies(said("long"), hubKey)).map(({ part }) => part),
      [0],
    );
    assert.equal(await store.locate(messageRef(hub, "$1"), slack), undefined);
  },

  "a copy is known by every key it was sent under, also when it is gone": async ({ store, reopen }) => {
    const { id } = begunOf(await store.accept(created("one")));
    await store.commit(hubKey, id, copied(hub, "$one", 0, keyOf("first")), true);
    const edit = begunOf(await store.accept(edited("one", "again")));
    await store.commit(hubKey, edit.id, copied(hub, "$one", 0, keyOf("second")), false);
    await store.commit(hubKey, edit.id, { type: "gone", part: 0 }, true);
    const again = await reopen();
    for (const key of [keyOf("first"), keyOf("second")]) {
      assert.deepEqual(await again.byKey(hubKey, key), { ref: messageRef(hub, "$one"), handle: "handle of $one" });
    }
    assert.equal(await again.byKey(discordKey, keyOf("first")), undefined);
    assert.equal(await again.byKey(hubKey, keyOf("never")), undefined);
  },

  "the newest copy is the one sent last, whatever was edited since": async ({ store, reopen }) => {
    assert.equal(await store.lastCopy(hubKey), undefined);
    await relayed(store, "one");
    await relayed(store, "two");
    const edit = begunOf(await store.accept(edited("one", "corrected")));
    await store.commit(hubKey, edit.id, copied(hub, "$one"), true);
    assert.deepEqual(await (await reopen()).lastCopy(hubKey), messageRef(hub, "$two"));
  },

  "an edit changes what the map keeps of the author": async ({ store }) => {
    await relayed(store, "one");
    const edit = edited("one", "corrected");
    const message = { ref: said("one"), authorId: "U1", author: "Ada Lovelace", hash: "other" };
    await store.accept({ ...edit, message });
    assert.equal((await store.locate(messageRef(hub, "$one"), slack))?.author, "Ada Lovelace");
  },

  "sweeping forgets what is older, and says how much": async ({ store, reopen }) => {
    await relayed(store, "one");
    const { id } = begunOf(await store.accept(created("dead")));
    await store.bury(hubKey, id, "refused");
    assert.equal(await store.sweep(Date.now() - 60_000), 0);
    assert.equal((await store.copies(said("one"), hubKey)).length, 1);
    assert.equal((await store.accept(created("one"))).fresh, false);
    const waiting = await store.accept(created("waiting"));
    assert.ok((await store.sweep(Date.now() + 60_000)) >= 4);
    const again = await reopen();
    assert.equal(await again.locate(said("one"), hub), undefined);
    assert.equal(await again.byKey(hubKey, keyOf("$one")), undefined);
    assert.deepEqual(await again.dead(), []);
    assert.deepEqual(waiting.lanes, [hubKey]);
    assert.equal((await again.accept(created("one"))).fresh, true);
    assert.deepEqual(await drained(again), ["waiting", "one"], "what waits is not forgotten");
  },
};

/** Message `name` on Slack, with one copy in the hub and one on Discord. */
async function relayed(store: Store, name: string): Promise<void> {
  const { begun } = await store.accept(created(name, [hubKey, discordKey]));
  for (const { id, lane } of begun) {
    await store.commit(lane, id, lane === hubKey ? copied(hub, `$${name}`) : copied(discord, `7${name}`), true);
  }
}
