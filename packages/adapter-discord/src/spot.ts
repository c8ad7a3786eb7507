import { type ChannelRef, type MessageRef, messageRef } from "@fanin/core";

/** Where something is said: a channel, or a thread in it. Threads are not channels to the relay. */
export interface Spot {
  readonly channel: string;
  readonly thread?: string;
}

/**
 * A message's id as the relay keeps it: `message`, or `thread/message` where it stands in a thread, so that a ref alone
 * leads to the message.
 */
function messageId(thread: string | undefined, message: string): string {
  return thread === undefined ? message : `${thread}/${message}`;
}

export function readMessageId(id: string): { readonly thread?: string; readonly message: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { message: id } : { thread: id.slice(0, slash), message: id.slice(slash + 1) };
}

export function refOf(channel: ChannelRef, thread: string | undefined, message: string): MessageRef {
  return messageRef(channel, messageId(thread, message));
}
