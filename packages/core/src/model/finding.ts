import { z } from "zod";
import { ChannelRef } from "./ids.ts";

/** One thing that is wrong or worth knowing, with its cure. Never holds a token or a message's text. */
export const Finding = z.object({
  /** Stable and short: `missing-scope`, `encrypted`, `not-joined`. */
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** `refuse`: the link or network cannot start. `warn`: it runs, but somebody should act. */
  severity: z.enum(["refuse", "warn"]),
  channel: ChannelRef.optional(),
  /** What is so, in one sentence. */
  says: z.string(),
  /** What to do about it, in one sentence. */
  cure: z.string(),
});
export type Finding = z.infer<typeof Finding>;
