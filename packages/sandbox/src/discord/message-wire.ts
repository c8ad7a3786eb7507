import type { Message, Wire } from "./model.ts";
import { madeAt } from "./snowflake.ts";
import { channelWire, memberWire, timestamp, userWire } from "./wire.ts";
import type { World } from "./world.ts";

/** The application sees its own words and those that mention it, whatever its intents. */
function hidden(world: World, message: Message): boolean {
  const { author, webhook, mentions } = message;
  return author.id !== world.bot.id && webhook?.application !== world.bot.id && !mentions.users.includes(world.bot.id);
}

/** A message as REST answers it; the gateway adds `guild_id` and `member`. A nonce comes back at creation only. */
export function messageWire(world: World, message: Message, seesContent: boolean, nested = false): Wire {
  const blank = !seesContent && hidden(world, message);
  const thread = world.channels.get(message.id);
  return {
    id: message.id,
    type: message.type,
    channel_id: message.channel,
    author: userWire(message.author),
    content: blank ? "" : message.content,
    timestamp: timestamp(madeAt(message.id)),
    edited_timestamp: message.editedAt === null ? null : timestamp(message.editedAt),
    tts: false,
    mention_everyone: message.mentions.everyone,
    mentions: message.mentions.users.flatMap(id => world.users.get(id) ?? []).map(userWire),
    mention_roles: message.mentions.roles,
    attachments: [],
    embeds: blank ? [] : message.embeds,
    components: [],
    pinned: false,
    flags: message.flags,
    ...(message.webhook && { webhook_id: message.webhook.id }),
    ...(message.webhook?.application && { application_id: message.webhook.application }),
    ...(thread && { thread: channelWire(world, thread) }),
    ...(message.reference && referenceWire(world, message.reference, seesContent, nested)),
  };
}

function referenceWire(
  world: World,
  reference: { readonly channel: string; readonly message: string },
  seesContent: boolean,
  nested: boolean,
): Wire {
  const answered = world.channels.get(reference.channel)?.messages.get(reference.message);
  return {
    message_reference: {
      type: 0,
      channel_id: reference.channel,
      message_id: reference.message,
      guild_id: world.guildId,
    },
    // One level deep; null says that it was deleted.
    ...(!nested && {
      referenced_message: answered ? messageWire(world, answered, seesContent, true) : null,
    }),
  };
}

/** A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it. */
export function messageEventWire(world: World, message: Message, seesContent: boolean): Wire {
  const member = message.webhook ? undefined : world.members.get(message.author.id);
  return {
    ...messageWire(world, message, seesContent),
    guild_id: world.guildId,
    ...(member && { member: { ...memberWire(member), user: undefined } }),
  };
}
