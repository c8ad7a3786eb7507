import assert from "node:assert/strict";
import { plainContent } from "../../model/content.ts";
import { channelKey, channelRef, Key, type MessageRef, messageRef } from "../../model/ids.ts";
import type { Acceptance, Delivery, Next, Planned, Step, Store } from "../../store.ts";
import { plainText } from "../../text/plain.ts";
import type { StoreSubject } from "../store-contract.ts";

/** By name, which says what is promised. */
export type Cases = Readonly<Record<string, (subject: StoreSubject) => Promise<void>>>;

export const slack = channelRef("slack", "C024BE91L");
export const hub = channelRef("hub", "!ansible:example.org");
export const discord = channelRef("discord", "290926798626357999");
export const slackKey = channelKey(slack);
export const hubKey = channelKey(hub);
export const discordKey = channelKey(discord);

export const LATER_MS = 3_600_000;

/** Message `name` as it stands on Slack, where everything in these cases is said. */
export function said(name: string): MessageRef {
  return messageRef(slack, name);
}

/** An event about message `name` that the lanes shall receive. */
export function event(
  kind: "created" | "edited" | "deleted",
  name: string,
  text: string | undefined,
  lanes: readonly Planned["lane"][],
): Acceptance {
  const saying = text === undefined ? {} : { saying: { content: plainContent(text), files: [{ name: "log.txt" }] } };
  const author = { id: "U1", name: "Ada" };
  return {
    room: hubKey,
    channel: slackKey,
    eventId: `${kind}:${name}:${text}`,
    deliveries: lanes.map(lane => ({ lane, kind, source: said(name), author, ...saying })),
    ...(kind === "deleted"
      ? {}
      : { message: { ref: said(name), authorId: "U1", author: "Ada", hash: `hash of ${text}` } }),
  };
}

export function created(name: string, lanes: readonly Planned["lane"][] = [hubKey]): Acceptance {
  return event("created", name, name, lanes);
}

export function edited(name: string, text: string): Acceptance {
  return event("edited", name, text, [hubKey]);
}

export function deleted(name: string): Acceptance {
  return event("deleted", name, undefined, [hubKey]);
}

/** What a delivery says, in words. */
export function textOf(delivery: Delivery | undefined): string | undefined {
  return delivery?.saying && plainText(delivery.saying.content).trim();
}

export function copied(channel: typeof hub, message: string, part = 0, key = keyOf(message)): Step {
  return { type: "copy", part, copy: { ref: messageRef(channel, message), handle: `handle of ${message}` }, key };
}

/** Some key, the same for the same words. */
export function keyOf(words: string): Key {
  return Key.parse(Buffer.from(words.padStart(8).slice(-8)).toString("hex").slice(0, 16));
}

export function taken(next: Next | undefined): Extract<Next, { delivery: Delivery }> {
  assert.ok(next && "delivery" in next, `the lane should have a delivery, but has ${JSON.stringify(next)}`);
  return next;
}

/** Delivers all that is due on the hub's lane; what was said, in order. */
export async function drained(store: Store, lane: Planned["lane"] = hubKey): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for (let next = await store.next(lane); next && "delivery" in next; next = await store.next(lane)) {
    const { delivery } = next;
    const text = textOf(delivery);
    texts.push(delivery.kind === "created" ? text : `${delivery.kind} ${text ?? delivery.source.message}`);
    assert.ok(texts.length < 1000, "the lane does not empty");
    await store.commit(lane, delivery.id, { type: "nothing" }, true);
  }
  return texts;
}

/** The one delivery that was begun for the hub. */
export function begunOf(accepted: { readonly begun: readonly Delivery[] }): Delivery {
  const [delivery] = accepted.begun;
  assert.ok(delivery, "the delivery should have been begun");
  return delivery;
}
