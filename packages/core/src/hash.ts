import { createHmac, hash } from "node:crypto";
import type { Key } from "./model/ids.ts";
import type { Saying } from "./store.ts";

/** The key of one part of a delivery. Delivery ids are seeded with the store's secret, so keys can't be guessed. */
export function keyOf(delivery: string, part: number): Key {
  return hash("sha256", `${delivery}.${part}`).slice(0, 16) as Key; // hex digits by construction
}

/** What the map keeps of a text: enough for a later re-read to see that it changed, too little to read it. */
export function hashOf(secret: string, saying: Saying): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([saying.content, saying.files]))
    .digest("base64url")
    .slice(0, 22);
}
