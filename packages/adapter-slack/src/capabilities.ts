import type { Capabilities, Rate } from "@fanin/core";

/** The longest text that chat.update takes; a longer post could never be edited. In UTF-16 units, escapes included. */
export const longestText = 4000;

/** What all blocks of a message may add up to before `msg_blocks_too_long`, as JSON; undocumented, so well below what was seen. */
export const longestBlocks = 12_000;

/** Cuts names; Slack documents no limit. */
export const longestName = 80;

const perMinute = (amount: number, methods: readonly string[], burst = amount): Rate[] =>
  methods.map(calls => ({ calls, per: "method", amount, intervalMs: 60_000, burst }));

/**
 * https://docs.slack.dev/apis/web-api/rate-limits: tiers per method and minute, one post a second and channel. Where
 * Slack's words are vague ("short bursts", "several hundred"), a number on the strict side.
 */
const rates: readonly Rate[] = [
  { calls: "chat.postMessage", per: "channel", amount: 1, intervalMs: 1000, burst: 3 },
  { calls: "chat.postMessage", per: "account", amount: 300, intervalMs: 60_000 },
  ...perMinute(1, ["apps.connections.open"], 10),
  ...perMinute(20, ["conversations.list", "users.list", "emoji.list", "usergroups.list"]),
  ...perMinute(50, ["chat.update", "chat.delete", "bots.info", "team.info"]),
  ...perMinute(50, ["conversations.info", "conversations.join", "conversations.history", "conversations.replies"]),
  ...perMinute(100, ["users.info", "conversations.members"]),
  ...perMinute(300, ["auth.test", "chat.getPermalink"]),
];

/** Slack as data. `rateScale` makes everything so many times faster, for a server that is scaled alike. */
export function slackCapabilities(rateScale: number): Capabilities {
  return {
    events: { created: "full", edited: "full", deleted: "full" },
    content: {
      text: "full",
      break: "full",
      inlineCode: "full",
      userMention: "full",
      customEmoji: "degraded",
      strong: "full",
      emphasis: "full",
      delete: "full",
      link: "full",
      paragraph: "full",
      code: "full",
      blockquote: "full",
    },
    // A reply stands in the thread of what it answers, whichever message of the thread that was.
    replies: "degraded",
    threads: "full",
    limits: { part: { amount: longestText, unit: "utf16" }, name: longestName },
    rates: rates.map(rate => ({
      ...rate,
      amount: rate.amount * rateScale,
      ...(rate.burst && { burst: rate.burst * rateScale }),
    })),
    idempotent: false,
    settleMs: 10_000 / rateScale,
    marks: ["metadata"],
    history: { created: true, edited: false, deleted: false },
  };
}
