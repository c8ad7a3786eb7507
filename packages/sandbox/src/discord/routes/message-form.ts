import * as z from "zod";
import { allowedMentions } from "../mentions.ts";

/** What creating and editing a message have in common. */
export const messageForm = z.object({
  content: z
    .string()
    .max(2000)
    .nullish()
    .transform(content => content ?? undefined),
  embeds: z.array(z.record(z.string(), z.unknown())).max(10).optional(),
  flags: z.number().int().optional(),
  allowed_mentions: allowedMentions.nullish().transform(allowed => allowed ?? undefined),
});
