import { z } from "zod";
import type { NodeType } from "./content.ts";

/** `degraded`: it arrives in another form (a link as text). `dropped`: it does not arrive, and the log says so. */
export const Fidelity = z.enum(["full", "degraded", "dropped"]);
export type Fidelity = z.infer<typeof Fidelity>;

/** A documented limit: at most `amount` calls in `intervalMs` per `per`; `burst` at once (`amount` unless given). */
export const Rate = z.object({
  calls: z.string(),
  per: z.enum(["account", "channel", "method", "webhook"]),
  amount: z.number().positive(),
  intervalMs: z.number().positive(),
  burst: z.number().positive().optional(),
});
export type Rate = z.infer<typeof Rate>;

/** A network described as data: what the relay may ask of its adapter, so that nobody finds out by calling. */
export const Capabilities = z.object({
  events: z.object({ created: Fidelity, edited: Fidelity, deleted: Fidelity }),
  content: z.custom<Readonly<Record<NodeType, Fidelity>>>(),
  replies: Fidelity,
  threads: Fidelity,
  limits: z.object({
    /** The longest part. */
    part: z.object({ amount: z.number().int().positive(), unit: z.enum(["utf16", "bytes"]) }),
    /** The longest sender's name, in UTF-16 units. */
    name: z.number().int().positive().optional(),
  }),
  rates: z.array(Rate),
  /** True: a send repeated under its key is one message. False: an unanswered send is recalled first. */
  idempotent: z.boolean(),
  /** How long an unanswered send may still take effect; it is recalled no sooner. */
  settleMs: z.number().nonnegative(),
  /** Where a copy carries its key; empty where nothing survives. */
  marks: z.array(z.enum(["metadata", "body", "name"])),
  /** Which happenings can be read afterwards from the channel's history. */
  history: z.object({ created: z.boolean(), edited: z.boolean(), deleted: z.boolean() }),
});
export type Capabilities = z.infer<typeof Capabilities>;
