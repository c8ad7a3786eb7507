import { channelKey, channelRef, type Finding, messageRef, NetworkName, RelayError, type Report } from "@fanin/core";
import { expect, test } from "vitest";
import { lineOf } from "./line-of.ts";

const slack = channelRef("slack", "C024BE91L");
const hub = channelKey(channelRef("hub", "!abc"));
const lane = channelKey(slack);
const about = { source: messageRef(slack, "1712.0001"), event: "created", at: 0 } as const;
const away = new RelayError("unreachable", "slack.com does not answer (503).", { retry: "later" });
const busy = new RelayError("rate-limited", "Slack asks to wait 1 s.", { retry: "later", retryAfterMs: 1000 });
const banned: Finding = {
  id: "banned",
  severity: "refuse",
  says: "The account is banned from the room.",
  cure: "Ask its moderators.",
};
const link = { room: "ansible", name: "slack:#general", channel: lane, finding: banned } as const;
const network = NetworkName.parse("slack");

const cases: readonly (readonly [Report, string])[] = [
  [{ ...about, type: "delivered", lane: hub }, "debug: created slack:C024BE91L/1712.0001 reached hub:!abc"],
  [
    { ...about, type: "deferred", lane, error: away, until: 5 },
    "warn: slack:C024BE91L waits: slack.com does not answer (503).",
  ],
  [{ ...about, type: "deferred", lane, error: busy, until: 5 }, "info: slack:C024BE91L waits: Slack asks to wait 1 s."],
  [
    { ...about, type: "buried", lane: hub, reason: "older than 24 hours" },
    "error: created slack:C024BE91L/1712.0001 did not reach hub:!abc: older than 24 hours",
  ],
  [
    { ...about, type: "dropped", lane: hub, reason: "it has no edits" },
    "info: created slack:C024BE91L/1712.0001 is not for hub:!abc: it has no edits",
  ],
  [{ type: "healed", channel: lane }, "info: a late twin on slack:C024BE91L was found and deleted"],
  [
    { type: "lost", channel: lane, why: "older than 90 days", fromMs: 0, toMs: 60_000 },
    "warn: history of slack:C024BE91L from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z can't be read and is missing: older than 90 days",
  ],
  [{ type: "caught-up", channel: lane, read: 1 }, "info: slack:C024BE91L: caught up with 1 event"],
  [
    { type: "lane-buried", lane, count: 3, reason: "the link was removed" },
    "warn: 3 waiting for slack:C024BE91L went to the dead letters: the link was removed",
  ],
  [
    { type: "link", link: { room: "ansible", name: "slack:#general", channel: lane, state: "active" } },
    "info: slack:#general (slack:C024BE91L) in room ansible is active",
  ],
  [
    { type: "link", link: { ...link, state: "paused" } },
    'warn: slack:#general (slack:C024BE91L) in room ansible is paused: The account is banned from the room. Ask its moderators. To go on, stop fanin, run "fanin resume slack:#general" and start it again.',
  ],
  [
    { type: "link", link: { ...link, finding: { ...banned, id: "encrypted" }, state: "paused" } },
    "warn: slack:#general (slack:C024BE91L) in room ansible is paused: The account is banned from the room. Ask its moderators.",
  ],
  [
    { type: "link", link: { ...link, state: "refused" } },
    "error: slack:#general (slack:C024BE91L) in room ansible is refused: The account is banned from the room. Ask its moderators.",
  ],
  [{ type: "network", network: { network, state: "connected" } }, "info: slack connected"],
  [{ type: "network", network: { network, state: "connecting" } }, "warn: slack reconnecting"],
  [
    { type: "network", network: { network, state: "failed", error: away } },
    "error: slack failed: slack.com does not answer (503).",
  ],
  [
    { type: "retrying", what: "start slack", error: away, afterMs: 500 },
    "warn: could not start slack, trying again: slack.com does not answer (503).",
  ],
];

test.each(cases)("tells %o in one line", (report, expected) => {
  const line = lineOf(report);
  expect(`${line?.level}: ${line?.says}`).toBe(expected);
});

test("steps on the way of a message are told to nobody", () => {
  expect(lineOf({ ...about, type: "planned", targets: [hub] })).toBeUndefined();
  expect(lineOf({ ...about, type: "accepted", targets: [hub] })).toBeUndefined();
});

test("a finding that its network told is not told again", () => {
  const line = lineOf({ type: "link", link: { ...link, state: "refused" } }, new Set([banned]));
  expect(line?.says).toBe("slack:#general (slack:C024BE91L) in room ansible is refused: its network failed.");
});
