import { setTimeout as sleep } from "node:timers/promises";
import { type Inbox, RelayError } from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { understood } from "./errors.ts";
import type { Live } from "./live.ts";
import { MatrixEvent } from "./payload.ts";
import type { Reader } from "./reader.ts";

const News = z.object({
  timeline: z
    .object({ events: z.array(z.unknown()).catch([]), limited: z.boolean().optional().catch(undefined) })
    .optional(),
  state: z.object({ events: z.array(z.unknown()).catch([]) }).optional(),
});

const Rooms = z.record(z.string(), News).optional();

const Sync = z.object({
  next_batch: z.string(),
  rooms: z.object({ join: Rooms, leave: Rooms }).optional(),
});
type Sync = z.infer<typeof Sync>;

const none = { types: [] };

const filter = JSON.stringify({
  presence: none,
  account_data: none,
  room: {
    account_data: none,
    ephemeral: none,
    state: { types: ["m.room.member"], lazy_load_members: true },
    timeline: {
      // Synapse gives no more, whatever is asked for.
      limit: 100,
      lazy_load_members: true,
      types: [
        ...["m.room.message", "m.sticker", "m.room.redaction"],
        ...["m.room.member", "m.room.encryption", "m.room.tombstone"],
      ],
    },
  },
});

/** Nothing of any room: all that is wanted is where the stream stands. */
const emptyFilter = JSON.stringify({ presence: none, account_data: none, room: { rooms: [] } });

export interface SyncOptions {
  readonly account: Account;
  readonly reader: Reader;
  readonly live: Live;
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
}

/**
 * Follows the account's stream from now on (https://spec.matrix.org/latest/client-server-api/#syncing). Resolves when it
 * stands; rejects where that fails. Afterwards it goes on until `signal` aborts or the token is refused; `done` then
 * resolves. The next position is asked for only when everything up to it is kept.
 */
export async function followSync(options: SyncOptions): Promise<{ readonly done: Promise<void> }> {
  const since = await position(options);
  options.inbox.report({ state: "connected" });
  return { done: follow(options, since) };
}

async function position({ account, signal }: SyncOptions): Promise<string> {
  const query = { filter: emptyFilter, timeout: 0, set_presence: "offline" };
  return understood(Sync, await account.call("GET", "/_matrix/client/v3/sync", { query, signal, timeoutMs: 120_000 }))
    .next_batch;
}

async function follow(options: SyncOptions, start: string): Promise<void> {
  const { account, inbox, signal } = options;
  let since = start;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const query = { filter, since, timeout: failures > 0 ? 0 : 30_000, set_presence: "offline" };
      const answer = await account.call("GET", "/_matrix/client/v3/sync", { query, signal, timeoutMs: 60_000 });
      const sync = understood(Sync, answer);
      if (failures > 0) {
        failures = 0;
        inbox.report({ state: "connected" });
        inbox.missed();
      }
      await takeAll(options, sync);
      since = sync.next_batch;
    } catch (thrown) {
      if (signal.aborted) return;
      const error = asRelayError(thrown);
      if (error.code === "unauthorized") return inbox.report({ state: "failed", error });
      if (failures === 0) inbox.report({ state: "connecting" });
      // A position that the homeserver no longer knows: what lies between is read from history.
      if (error.code === "rejected") since = await position(options).catch(() => since);
      await sleep(error.retryAfterMs ?? backoffMs(failures), undefined, { signal }).catch(() => undefined);
      failures += 1;
    }
  }
}

async function takeAll({ reader, live, inbox }: SyncOptions, { rooms }: Sync): Promise<void> {
  const taken: Promise<void>[] = [];
  for (const [room, news] of [...Object.entries(rooms?.join ?? {}), ...Object.entries(rooms?.leave ?? {})]) {
    for (const raw of news.state?.events ?? []) {
      const event = MatrixEvent.safeParse(raw).data;
      if (event) reader.learn(room, event, "now");
    }
    if (news.timeline?.limited) inbox.missed(reader.channel(room));
    taken.push(live.take(news.timeline?.events ?? [], room));
  }
  await Promise.all(taken);
}

function asRelayError(thrown: unknown): RelayError {
  if (thrown instanceof RelayError) return thrown;
  return new RelayError("unreachable", "What the homeserver sent could not be kept", {
    retry: "later",
    cause: thrown,
  });
}

/** Doubles from a quarter of a second to half a minute. */
function backoffMs(failures: number): number {
  return Math.min(30_000, 250 * 2 ** failures);
}
