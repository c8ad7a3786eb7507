import { z } from "zod";

const Namespace = z.array(z.object({ exclusive: z.boolean(), regex: z.string() }));

/**
 * The registration file of an application service, parsed: the same that the homeserver has loaded.
 * https://spec.matrix.org/latest/application-service-api/#registration
 */
export const Registration = z.object({
  id: z.string().min(1),
  /** Where the homeserver reaches us. */
  url: z.url(),
  as_token: z.string().min(1),
  hs_token: z.string().min(1),
  /** The account that speaks for everybody is `@{sender_localpart}:{server}`. */
  sender_localpart: z.string().min(1),
  namespaces: z.object({ users: Namespace, aliases: Namespace, rooms: Namespace }).partial(),
});
export type Registration = z.infer<typeof Registration>;
