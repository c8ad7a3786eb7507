import type { Capabilities } from "@fanin/core";

/**
 * The longest part: name, text and HTML together, as JSON. An edit carries all of it twice, and with what the
 * homeserver adds an event must stay under 65,536 bytes (https://spec.matrix.org/latest/client-server-api/#size-limits).
 */
export const maxPartBytes = 30_000;

/** The longest sender's name; the protocol has no limit, readers have. */
export const maxName = 100;

const shared: Omit<Capabilities, "rates"> = {
  events: { created: "full", edited: "full", deleted: "full" },
  content: {
    paragraph: "full",
    code: "full",
    blockquote: "full",
    text: "full",
    break: "full",
    inlineCode: "full",
    userMention: "full",
    customEmoji: "degraded",
    strong: "full",
    emphasis: "full",
    delete: "full",
    link: "full",
  },
  replies: "full",
  threads: "full",
  limits: { part: { amount: maxPartBytes, unit: "bytes" }, name: maxName },
  // The key is the transaction id, which the homeserver remembers for the device.
  idempotent: true,
  settleMs: 0,
  marks: ["metadata", "body"],
  history: { created: true, edited: true, deleted: true },
};

/** The sender of an application service is exempt from rate limits. */
export const appserviceCapabilities: Capabilities = { ...shared, rates: [] };

/** A plain account meets what the homeserver is configured for; these are Synapse's defaults. */
export const accountCapabilities: Capabilities = {
  ...shared,
  rates: [
    { calls: "send, state, redact", per: "account", amount: 0.2, intervalMs: 1000, burst: 10 },
    { calls: "join", per: "account", amount: 0.1, intervalMs: 1000, burst: 10 },
  ],
};
