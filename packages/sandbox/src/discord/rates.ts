import type { Rate } from "../rates.ts";

/**
 * The limits Discord documents, or its staff have stated, that a relay meets. Each route has its own bucket per major id,
 * so creating, editing and deleting messages are counted apart.
 * https://discord.com/developers/docs/topics/rate-limits; for webhooks discord-api-docs #367, #1454, #6753.
 */
export const discordRates: Readonly<Record<"account" | "channelMessages" | "webhook" | "webhooksOfChannel", Rate>> = {
  account: { calls: "every call with the bot's token", per: "account", amount: 50, intervalMs: 1000 },
  channelMessages: { calls: "create, edit or delete a message", per: "channel", amount: 5, intervalMs: 5000 },
  webhook: { calls: "execute a webhook, edit or delete its message", per: "webhook", amount: 5, intervalMs: 2000 },
  webhooksOfChannel: { calls: "execute any webhook", per: "channel", amount: 30, intervalMs: 60_000 },
};
