import { hash } from "node:crypto";
import type { Key } from "./model/ids.ts";
import type { Saying } from "./store.ts";

/** The key of one part of a delivery. Delivery ids are seeded with the store's secret, so keys can't be guessed. */
export function keyOf(delivery: string, part: number): Key {
  return hash("sha256", `${delivery}.${part}`).slice(0, 16) as Key; // hex digits by construction
}

/** What the map keeps of a text: enough for a later re-read to see that it changed, too little to read it. */
export function hashOf(secret: string, saying: Saying): string {
  // Cut to a part of itself the hash needs no HMAC to be keyed.
  return hash("sha256", secret + JSON.stringify([saying.content, saying.files]), "base64url").slice(0, 22);
}
