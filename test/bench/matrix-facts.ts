import { Registration } from "@fanin/adapter-matrix";
import { z } from "zod";

/** What a relay must know of the homeserver's side: its URL, our registration there, and which rooms are pairs. */
export const Facts = z.object({
  url: z.string(),
  registration: Registration,
  rooms: z.array(z.tuple([z.string(), z.string()])),
});
export type Facts = z.infer<typeof Facts>;
