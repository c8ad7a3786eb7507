import { intents } from "./intents.ts";
import { messageEventWire } from "./message-wire.ts";
import type { Channel, Message } from "./model.ts";
import type { World } from "./world.ts";

export const messageFlags = { suppressEmbeds: 1 << 2, hasThread: 1 << 5 } as const;

/** Adds a finished message and announces it. */
export function put(world: World, channel: Channel, message: Message): void {
  channel.messages.set(message.id, message);
  announce(world, message, "MESSAGE_CREATE");
}

/** Tells the gateway of a message, whole. An update whose `edited_timestamp` did not change is not an edit. */
export function announce(world: World, message: Message, name: "MESSAGE_CREATE" | "MESSAGE_UPDATE"): void {
  const created = name === "MESSAGE_CREATE" && message.nonce !== undefined && { nonce: message.nonce };
  world.emit({
    name,
    intent: intents.guildMessages,
    channel: message.channel,
    data: seesContent => ({ ...messageEventWire(world, message, seesContent), ...created }),
  });
}
