import {
  type ChannelRef,
  type Copy,
  type Cursor,
  type Key,
  type MessageRef,
  messageRef,
  type RelayEvent,
} from "@fanin/core";
import type { SlackApi } from "./api.ts";
import type { Directory } from "./directory.ts";
import { refusalOf } from "./errors.ts";
import { Page, type SlackMessage } from "./payload.ts";
import { cursorAt, keyOf, toHistoryEvent } from "./to-event.ts";

const perPage = 200;
const dayInSeconds = 24 * 60 * 60;
/** How many pages before the cursor are searched for threads that go on after it. */
const mostPagesBefore = 5;
/** How many pages are searched for a copy where no earlier copy bounds the search. */
const mostPagesUnbounded = 10;

/** Where a channel stands: the newest of its messages and of their replies. */
export async function readHead(api: SlackApi, channel: ChannelRef): Promise<Cursor> {
  const { messages } = await api("conversations.history", { channel: channel.channel, limit: perPage }, Page);
  return cursorAt(messages.map(newest).reduce(later, "0.000000"));
}

/**
 * What was said after the cursor, oldest first, as it reads now. Slack lists threads apart from the channel: read are
 * those whose root is after the cursor, or among the last 200 messages, or 24 hours (at most 1,000 messages), before it.
 * Deletions leave no trace but a tombstone where there were replies.
 */
export async function* readHistory(
  api: SlackApi,
  directory: Directory,
  channel: ChannelRef,
  after: Cursor,
): AsyncGenerator<RelayEvent> {
  const found = new Map<string, SlackMessage>();
  const roots = new Set<string>();
  const heed = (message: SlackMessage): void => {
    if (message.ts > after) found.set(message.ts, message);
    if (message.latest_reply && message.latest_reply > after) roots.add(message.ts);
  };
  for await (const page of pages(api, "conversations.history", { channel: channel.channel, oldest: after }))
    page.forEach(heed);
  for await (const page of pagesBefore(api, channel, after)) page.forEach(heed);
  for (const root of roots) for await (const page of threadPages(api, channel, root, after)) page.forEach(heed);
  for (const ts of [...found.keys()].sort()) {
    const message = found.get(ts);
    const event = message && (await directory.informed(lookUp => toHistoryEvent(channel, message, lookUp)));
    if (event) yield event;
  }
}

/** Looks for a copy of ours by its mark; `absent` only after everything since `after` was read. */
export async function findCopy(
  api: SlackApi,
  channel: ChannelRef,
  threadTs: string | undefined,
  key: Key,
  after: MessageRef | undefined,
): Promise<Copy | "absent" | "unknown"> {
  const oldest = after?.message;
  // A post to a thread that is gone stands in the channel.
  const places = [
    ...(threadTs ? [threadPages(api, channel, threadTs, oldest)] : []),
    pages(api, "conversations.history", { channel: channel.channel, ...(oldest && { oldest }) }),
  ];
  try {
    for (const place of places) {
      let read = 0;
      for await (const page of place) {
        const copy = page.find(message => keyOf(message) === key);
        if (copy) return copyOf(channel, copy);
        read += 1;
        if (!after && read >= mostPagesUnbounded) return "unknown";
      }
    }
  } catch {
    return "unknown";
  }
  return "absent";
}

/** The handle is the root of the thread that the copy stands in, empty where it stands in the channel. */
export function copyOf(
  channel: ChannelRef,
  { ts, thread_ts }: { ts: string; thread_ts?: string | null | undefined },
): Copy {
  return { ref: messageRef(channel, ts), handle: thread_ts && thread_ts !== ts ? thread_ts : "" };
}

async function* pagesBefore(api: SlackApi, channel: ChannelRef, before: Cursor): AsyncGenerator<SlackMessage[]> {
  let count = 0;
  const args = { channel: channel.channel, latest: before, inclusive: true };
  for await (const page of pages(api, "conversations.history", args)) {
    yield page;
    count += 1;
    const oldest = page.at(-1)?.ts;
    if (count >= mostPagesBefore || oldest === undefined || Number(before) - Number(oldest) > dayInSeconds) return;
  }
}

/** Nothing where the thread went away meanwhile. */
async function* threadPages(
  api: SlackApi,
  channel: ChannelRef,
  root: string,
  after: string | undefined,
): AsyncGenerator<SlackMessage[]> {
  const args = { channel: channel.channel, ts: root, ...(after && { oldest: after }) };
  try {
    yield* pages(api, "conversations.replies", args);
  } catch (error) {
    if (refusalOf(error) !== "thread_not_found") throw error;
  }
}

/** https://docs.slack.dev/apis/web-api/pagination; a `limit` above what the app is granted is lowered by Slack. */
async function* pages(
  api: SlackApi,
  method: "conversations.history" | "conversations.replies",
  args: Readonly<Record<string, unknown>>,
): AsyncGenerator<SlackMessage[]> {
  let cursor: string | undefined;
  do {
    const page = await api(
      method,
      { ...args, ...(cursor && { cursor }), limit: perPage, include_all_metadata: true },
      Page,
    );
    yield page.messages;
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
}

function newest({ ts, latest_reply }: SlackMessage): string {
  return later(ts, latest_reply ?? ts);
}

/** Compares as text: both halves of a `ts` have a fixed length until the year 2286. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}
