import { type ChannelRef, type Copy, findMark, type Key } from "@fanin/core";
import { z } from "zod";
import type { Account } from "./account.ts";
import { answerLineOf } from "./answer.ts";
import { toRelayError } from "./errors.ts";
import { isReadable, messagesAfter } from "./history.ts";
import { ChannelPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";
import { refOf } from "./spot.ts";
import { handleOf } from "./writer.ts";

const ByWebhook = z.object({
  id: z.string(),
  content: z.string(),
  webhook_id: z.string(),
  author: z.object({ username: z.string() }),
});

/** How many messages are looked through before giving up. */
const farthest = 5000;

/** Looks through what was said in a channel or thread since `since` for a webhook's message that carries the key. */
export async function findByKey(
  rest: Rest,
  account: Account,
  webhook: string,
  ref: ChannelRef,
  thread: string | undefined,
  key: Key,
  since: string,
): Promise<Copy | "absent" | "unknown"> {
  let read = 0;
  let unmarked = false;
  try {
    for await (const raw of messagesAfter(rest, thread ?? ref.channel, since)) {
      read += 1;
      if (read > farthest) return "unknown";
      const { data: message } = ByWebhook.safeParse(raw);
      if (!message) continue;
      const mark = findMark(message.author.username);
      const handle = handleOf(message.webhook_id, answerLineOf(message.content) !== "");
      if (mark === key) return { ref: refOf(ref, thread, message.id), handle };
      unmarked ||= mark === undefined && message.webhook_id === webhook;
    }
    // A message of ours without any mark: the server took it off, and nothing can be told.
    if (unmarked) return "unknown";
    if (read > 0) return "absent";
    const channel = await rest.get(ChannelPayload, `/channels/${thread ?? ref.channel}`);
    return (await isReadable(rest, channel, since, account)) ? "absent" : "unknown";
  } catch (thrown) {
    const error = toRelayError(thrown);
    if (error.code === "not-found" && thread !== undefined) return "absent";
    throw error;
  }
}
