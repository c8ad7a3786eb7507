import type { Rate } from "../rates.ts";

const perMinute = (amount: number, calls: readonly string[], burst = amount): Rate[] =>
  calls.map(method => ({ calls: method, per: "method", amount, intervalMs: 60_000, burst }));

/**
 * What Slack documents (https://docs.slack.dev/apis/web-api/rate-limits): tiers per method and minute, and one post a
 * second and channel. Where its words are vague ("short bursts", "several hundred", "1+"), a number on the strict side.
 */
export const slackRates: readonly Rate[] = [
  { calls: "chat.postMessage", per: "channel", amount: 1, intervalMs: 1000, burst: 3 },
  { calls: "chat.postMessage", per: "account", amount: 300, intervalMs: 60_000 },
  ...perMinute(1, ["apps.connections.open"], 10),
  ...perMinute(20, ["conversations.list", "users.list", "emoji.list", "usergroups.list"]),
  ...perMinute(50, ["chat.update", "chat.delete", "bots.info", "team.info"]),
  ...perMinute(50, ["conversations.info", "conversations.join", "conversations.history", "conversations.replies"]),
  ...perMinute(100, ["users.info", "conversations.members"]),
  ...perMinute(300, ["auth.test", "chat.getPermalink"]),
];
