import { z } from "zod";

/** What a relay must know of the homeserver's side: its URL, our registration there, and which rooms are pairs. */
export const Facts = z.object({
  url: z.string(),
  registration: z.object({
    id: z.string(),
    url: z.string(),
    as_token: z.string(),
    hs_token: z.string(),
    sender_localpart: z.string(),
    rate_limited: z.boolean(),
    namespaces: z.object({ users: z.array(z.object({ exclusive: z.boolean(), regex: z.string() })) }),
  }),
  rooms: z.array(z.tuple([z.string(), z.string()])),
});
export type Facts = z.infer<typeof Facts>;
