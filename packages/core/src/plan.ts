import type { Capabilities } from "./model/capabilities.ts";
import type { RelayEvent } from "./model/event.ts";
import type { ChannelKey, MessageRef } from "./model/ids.ts";
import type { Planned, Saying } from "./store.ts";

/** A channel that may receive, and what its network can do. */
export interface Receiver {
  readonly lane: ChannelKey;
  readonly capabilities: Capabilities;
}

export interface Plan {
  readonly deliveries: readonly Planned[];
  /** Receivers whose network can't show this event. */
  readonly dropped: readonly ChannelKey[];
}

/** Who must receive an event. Pure; fan-out is direct, so a copy is never the source of another copy. */
export function plan(event: RelayEvent, receivers: readonly Receiver[]): Plan {
  const able = receivers.filter(({ capabilities }) => capabilities.events[event.type] !== "dropped");
  return {
    deliveries: able.map(({ lane }) => ({ lane, ...deliveryOf(event) })),
    dropped: receivers.filter(receiver => !able.includes(receiver)).map(({ lane }) => lane),
  };
}

/** The message an event is about. */
export function sourceOf(event: RelayEvent): MessageRef {
  return event.type === "created" ? event.message.ref : event.ref;
}

/** What an event says; undefined for a delete. */
export function sayingOf(event: RelayEvent): Saying | undefined {
  switch (event.type) {
    case "created":
      return { content: event.message.content, files: event.message.files };
    case "edited":
      return { content: event.content, files: event.files };
    case "deleted":
      return undefined;
  }
}

function deliveryOf(event: RelayEvent): Omit<Planned, "lane"> {
  const saying = sayingOf(event);
  const base = { kind: event.type, source: sourceOf(event), ...(saying ? { saying } : {}) };
  switch (event.type) {
    case "created": {
      const { author, replyTo, thread } = event.message;
      return { ...base, author, ...(replyTo ? { replyTo } : {}), ...(thread ? { thread } : {}) };
    }
    case "edited":
      return { ...base, author: event.author };
    case "deleted":
      return base;
  }
}
