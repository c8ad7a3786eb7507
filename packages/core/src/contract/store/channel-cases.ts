import assert from "node:assert/strict";
import { plainContent } from "../../model/content.ts";
import type { RelayEvent } from "../../model/event.ts";
import { Cursor } from "../../model/ids.ts";
import type { LinkRecord } from "../../store.ts";
import {
  begunOf,
  type Cases,
  created,
  discordKey,
  drained,
  hubKey,
  LATER_MS,
  said,
  slack,
  slackKey,
} from "./fixture.ts";

/** What is known of accounts, links and channels; gaps; counters. */
export const channelCases: Cases = {
  "the secret is made once": async ({ store, reopen }) => {
    const secret = await store.secret();
    assert.match(secret, /^[0-9a-f]{64}$/);
    assert.equal(await (await reopen()).secret(), secret);
  },

  "own ids are kept for good, by network": async ({ store, reopen }) => {
    await store.addOwn(slack.network, ["U1", "B1"]);
    await store.addOwn(slack.network, ["U2", "B1"]);
    const again = await reopen();
    assert.deepEqual((await again.own(slack.network)).toSorted(), ["B1", "U1", "U2"]);
    assert.deepEqual(
      await again.own(created("x").message?.ref.network ?? slack.network),
      await again.own(slack.network),
    );
  },

  "a link is kept with its state and finding, one a channel": async ({ store, reopen }) => {
    const paused: LinkRecord = {
      room: hubKey,
      name: "slack:#general",
      channel: slackKey,
      state: "paused",
      finding: { id: "kicked", severity: "refuse", says: "We were removed.", cure: "Invite us again." },
      since: 1,
    };
    const active: LinkRecord = { room: hubKey, name: discordKey, channel: discordKey, state: "active", since: 2 };
    await store.setLink({ room: hubKey, name: "slack:#general", channel: slackKey, state: "active", since: 0 });
    await store.setLink(paused);
    await store.setLink(active);
    const again = await reopen();
    assert.deepEqual((await again.links()).toSorted(bySince), [paused, active]);
    await again.removeLink(slackKey);
    assert.deepEqual(await again.links(), [active]);
  },

  "a removed link leaves neither cursor, gap nor held events; its lane stays": async ({ store, reopen }) => {
    await store.setLink({ room: hubKey, name: "slack:#general", channel: slackKey, state: "active", since: 0 });
    await store.setCursor(slackKey, Cursor.parse("there"));
    await store.accept(created("waiting", [slackKey]));
    await store.openGap(slackKey);
    await store.hold(slackKey, live("one"));
    await store.removeLink(slackKey);
    const again = await reopen();
    assert.equal(await again.cursor(slackKey), undefined);
    assert.deepEqual(await again.gaps(), []);
    assert.deepEqual(await again.held(slackKey, 10), []);
    assert.deepEqual(await again.lanes(), [slackKey]);
  },

  "a cursor is kept, by channel": async ({ store, reopen }) => {
    assert.equal(await store.cursor(slackKey), undefined);
    await store.setCursor(slackKey, Cursor.parse("here"));
    await store.setCursor(slackKey, Cursor.parse("there"));
    const again = await reopen();
    assert.equal(await again.cursor(slackKey), "there");
    assert.equal(await again.cursor(hubKey), undefined);
  },

  "a gap stays open over a restart and leaves the cursor where it is": async ({ store, reopen }) => {
    await store.setCursor(slackKey, Cursor.parse("before the gap"));
    await store.openGap(slackKey);
    await store.openGap(slackKey);
    const again = await reopen();
    assert.deepEqual(await again.gaps(), [slackKey]);
    assert.equal(await again.cursor(slackKey), "before the gap");
    assert.equal(await again.closeGap(slackKey), true);
    assert.deepEqual(await again.gaps(), []);
    assert.equal(await again.cursor(slackKey), "before the gap");
  },

  "a held event does not move the cursor over the gap, nor enters a lane": async ({ store, reopen }) => {
    await store.setCursor(slackKey, Cursor.parse("before the gap"));
    await store.openGap(slackKey);
    assert.equal(await store.hold(slackKey, live("one")), true);
    await store.accept(created("two"));
    const again = await reopen();
    assert.equal(await again.cursor(slackKey), "before the gap");
    assert.deepEqual(await again.held(slackKey, 10), [live("one")]);
    assert.deepEqual(await drained(again), ["two"]);
  },

  "held events come back in order, and the gap closes after the last": async ({ store, reopen }) => {
    await store.openGap(slackKey);
    for (const name of ["one", "two", "three"]) await store.hold(slackKey, live(name));
    const again = await reopen();
    assert.deepEqual(await again.held(slackKey, 2), [live("one"), live("two")]);
    for (const name of ["one", "two", "three"]) {
      assert.equal(await again.closeGap(slackKey), false);
      assert.deepEqual(await again.gaps(), [slackKey]);
      await again.accept({ ...created(name), eventId: live(name).id });
    }
    assert.deepEqual(await again.held(slackKey, 10), []);
    assert.equal(await again.closeGap(slackKey), true);
    assert.deepEqual(await again.gaps(), []);
    assert.deepEqual(await drained(again), ["one", "two", "three"]);
  },

  "an event is held once, and never after it was accepted": async ({ store }) => {
    await store.openGap(slackKey);
    assert.equal(await store.hold(slackKey, live("one")), true);
    assert.equal(await store.hold(slackKey, live("one")), false);
    await store.accept({ ...created("one"), eventId: live("one").id });
    assert.equal(await store.hold(slackKey, live("one")), false);
    assert.deepEqual(await store.held(slackKey, 10), []);
    assert.equal(await store.hold(discordKey, live("one")), true, "ids are the channel's own");
  },

  "lanes are counted, also over a restart": async ({ store, reopen }) => {
    const before = Date.now();
    const { id } = begunOf(await store.accept(created("one")));
    const dead = await store.commit(hubKey, id, { type: "nothing" }, false);
    await store.commit(hubKey, dead?.id ?? "", { type: "nothing" }, true);
    const refused = begunOf(await store.accept(created("refused")));
    await store.bury(hubKey, refused.id, "refused");
    const parked = begunOf(await store.accept(created("parked")));
    await store.park(hubKey, parked.id, Date.now() + LATER_MS);
    await store.accept(created("two"));
    await store.accept(created("three"));
    await store.countHealed(hubKey);
    await store.countHealed(discordKey);
    const stats = (await (await reopen()).stats()).toSorted((a, b) => a.waiting - b.waiting);
    const oldestAt = stats[1]?.oldestAt ?? 0;
    assert.ok(oldestAt >= before - 1 && oldestAt <= Date.now());
    assert.deepEqual(stats, [
      { lane: discordKey, waiting: 0, parked: 0, dead: 0, delivered: 0, healed: 1 },
      { lane: hubKey, waiting: 2, parked: 1, dead: 1, delivered: 1, healed: 1, oldestAt },
    ]);
  },
};

function live(name: string): RelayEvent {
  return {
    id: `live:${name}`,
    channel: slack,
    cursor: Cursor.parse(`after ${name}`),
    type: "created",
    message: {
      ref: said(name),
      author: { id: "U1", name: "Ada" },
      content: plainContent(name),
      files: [],
      at: 1_700_000_000_000,
    },
  };
}

function bySince(a: LinkRecord, b: LinkRecord): number {
  return a.since - b.since;
}
