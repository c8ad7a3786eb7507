import type { Capabilities, Rate } from "@fanin/core";

/** The longest message, in UTF-16 units. */
export const maxMessage = 2000;

/** The longest name a webhook may speak under, in UTF-16 units. */
export const maxWebhookName = 80;

/** What eight variation selectors beyond the basic plane take of a name. */
const markLength = 16;

/**
 * https://discord.com/developers/docs/topics/rate-limits; what holds for webhooks only staff have stated:
 * https://github.com/discord/discord-api-docs/issues/6753
 */
const rates: readonly Rate[] = [
  { calls: "every call with the bot's token", per: "account", amount: 50, intervalMs: 1000 },
  { calls: "create, edit or delete a message", per: "channel", amount: 5, intervalMs: 5000 },
  { calls: "execute a webhook, edit or delete its message", per: "webhook", amount: 5, intervalMs: 2000 },
  { calls: "execute any webhook", per: "channel", amount: 30, intervalMs: 60_000 },
];

/** Discord as data. `rateScale` makes everything so many times faster, for a server that is scaled alike. */
export function discordCapabilities(rateScale: number): Capabilities {
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
    // A webhook cannot reply: a line above the text links to the message instead.
    replies: "degraded",
    // A thread that Discord does not have is answered to as a message.
    threads: "degraded",
    limits: { part: { amount: maxMessage, unit: "utf16" }, name: maxWebhookName - markLength },
    rates: rates.map(rate => ({ ...rate, amount: rate.amount * rateScale })),
    idempotent: false,
    settleMs: 5000 / rateScale,
    marks: ["name"],
    history: { created: true, edited: false, deleted: false },
  };
}
