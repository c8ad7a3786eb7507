import { type ChannelRef, type Created, Cursor, type Lost } from "@fanin/core";
import { z } from "zod";
import { accessTo, readHistory as mayRead } from "./access.ts";
import type { Account } from "./account.ts";
import type { Directory } from "./directory.ts";
import { toRelayError } from "./errors.ts";
import { ChannelPayload, MessagePayload, ThreadsPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";
import { byAge, madeAt, youngest } from "./snowflake.ts";
import type { Spot } from "./spot.ts";
import { type Reading, toCreated } from "./to-event.ts";

const pageSize = 100;
/** Only what must be there to go on reading; the rest is parsed message by message. */
const Page = z.array(z.looseObject({ id: z.string() }));
type Raw = z.infer<typeof Page>[number];

/** Messages of one channel or thread after an id, oldest first, to the present. */
export async function* messagesAfter(rest: Rest, channel: string, after: string): AsyncGenerator<Raw> {
  let last = after;
  for (;;) {
    const query = { after: last, limit: String(pageSize) };
    const page = (await rest.get(Page, `/channels/${channel}/messages`, query)).sort((a, b) => byAge(a.id, b.id));
    yield* page;
    last = page.at(-1)?.id ?? last;
    if (page.length < pageSize) return;
  }
}

/** The newest message of a channel and its public threads; the channel's own id where nothing was ever said. */
export async function headOf(rest: Rest, directory: Directory, ref: ChannelRef): Promise<Cursor> {
  const channel = await rest.get(ChannelPayload, `/channels/${ref.channel}`);
  const last = channel.last_message_id ?? channel.id;
  const threads = await threadsAfter(rest, directory, channel, last);
  return Cursor.parse(youngest([last, ...threads.map(thread => thread.last_message_id)]));
}

/** What was said in a channel and its public threads after the cursor, in the order of their ids. */
export async function* readHistory(
  rest: Rest,
  account: Account,
  directory: Directory,
  ref: ChannelRef,
  after: Cursor,
  reading: Reading,
): AsyncGenerator<Created | Lost> {
  const channel = await rest.get(ChannelPayload, `/channels/${ref.channel}`);
  directory.learn(channel);
  const threads = await threadsAfter(rest, directory, channel, after);
  const spots: Spot[] = [{ channel: channel.id }, ...threads.map(({ id }) => ({ channel: channel.id, thread: id }))];
  const streams = spots.map(spot => ({ spot, messages: messagesAfter(rest, spot.thread ?? spot.channel, after) }));
  let count = 0;
  for await (const { spot, raw } of merged(streams)) {
    count += 1;
    const message = MessagePayload.safeParse(raw);
    const at = madeAt(raw.id);
    if (!message.success)
      yield { type: "lost", fromMs: at, toMs: at, why: "Discord sent a message in an unknown form" };
    const event = message.success ? toCreated(message.data, spot, reading) : undefined;
    if (event) yield event;
  }
  if (count > 0 || (await isReadable(rest, channel, after, account))) return;
  yield { type: "lost", fromMs: madeAt(after), why: "the bot may not read the channel's message history" };
}

/** Where nothing was read: is there really nothing? Without the permission, history is empty, and no error. */
export async function isReadable(
  rest: Rest,
  channel: ChannelPayload,
  after: string,
  account: Account,
): Promise<boolean> {
  if (byAge(channel.last_message_id ?? after, after) <= 0) return true;
  const { permissions } = await accessTo(rest, channel.id, (await account.identity()).bot);
  return (permissions & mayRead) !== 0n;
}

interface Stream {
  readonly spot: Spot;
  readonly messages: AsyncGenerator<Raw>;
}

async function* merged(streams: readonly Stream[]): AsyncGenerator<{ spot: Spot; raw: Raw }> {
  const advance = async ({ spot, messages }: Stream) => {
    const next = await messages.next();
    return next.done ? undefined : { spot, messages, raw: next.value };
  };
  let heads = (await Promise.all(streams.map(advance))).filter(head => head !== undefined);
  for (;;) {
    const [first, ...others] = heads.sort((a, b) => byAge(a.raw.id, b.raw.id));
    if (!first) return;
    yield { spot: first.spot, raw: first.raw };
    const next = await advance(first);
    heads = next ? [next, ...others] : others;
  }
}

/** Public threads of a channel in which something was said after an id, also those that were closed since. */
async function threadsAfter(
  rest: Rest,
  directory: Directory,
  channel: ChannelPayload,
  after: string,
): Promise<ChannelPayload[]> {
  if (channel.guild_id === undefined) return [];
  const active = await rest.get(ThreadsPayload, `/guilds/${channel.guild_id}/threads/active`);
  const archived = await archivedAfter(rest, channel.id, madeAt(after));
  return [...active.threads, ...archived]
    .filter(({ parent_id, last_message_id }) => parent_id === channel.id && byAge(last_message_id ?? "", after) > 0)
    .filter(thread => !directory.learn(thread, channel.guild_id).isPrivate);
}

async function archivedAfter(rest: Rest, channel: string, sinceMs: number): Promise<ChannelPayload[]> {
  const found: ChannelPayload[] = [];
  let before: string | undefined;
  for (;;) {
    const query = { limit: "100", ...(before === undefined ? {} : { before }) };
    const page = await rest
      .get(ThreadsPayload, `/channels/${channel}/threads/archived/public`, query)
      .catch(unreadable);
    found.push(...page.threads);
    before = page.threads.at(-1)?.thread_metadata?.archive_timestamp;
    if (!page.has_more || before === undefined || Date.parse(before) < sinceMs) return found;
  }
}

/** Who may not read the history is not told its threads either; that this loses something is seen from the channel. */
function unreadable(thrown: unknown): z.infer<typeof ThreadsPayload> {
  const error = toRelayError(thrown);
  if (error.code !== "forbidden") throw error;
  return { threads: [], has_more: false };
}
