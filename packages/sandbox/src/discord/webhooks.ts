import { randomBytes } from "node:crypto";
import { apiError } from "./api-error.ts";
import { intents } from "./intents.ts";
import type { Channel, User, Webhook } from "./model.ts";
import type { World } from "./world.ts";

const webhooksPerChannel = 15;

export function webhooksOf(world: World, channel: Channel): Webhook[] {
  return [...world.webhooks.values()].filter(webhook => webhook.channel === channel.id);
}

/** Throws 30007 when the channel has its 15, 50024 in a thread. */
export function createWebhook(world: World, channel: Channel, { name, by }: { name: string; by: User }): Webhook {
  if (channel.thread) throw apiError("wrongChannelType");
  if (webhooksOf(world, channel).length >= webhooksPerChannel) throw apiError("tooManyWebhooks");
  const webhook: Webhook = {
    id: world.newId(),
    token: randomBytes(51).toString("base64url"),
    channel: channel.id,
    name,
    avatar: null,
    application: by.bot ? by.id : null,
    user: by.id,
  };
  world.webhooks.set(webhook.id, webhook);
  announceWebhooks(world, channel.id);
  return webhook;
}

/** Its messages stay; its token is worth nothing from now on. */
export function deleteWebhook(world: World, webhook: Webhook): void {
  world.webhooks.delete(webhook.id);
  announceWebhooks(world, webhook.channel);
}

/** Says that something changed, not what. */
function announceWebhooks(world: World, channel: string): void {
  world.emit({
    name: "WEBHOOKS_UPDATE",
    intent: intents.guildWebhooks,
    channel,
    data: () => ({ guild_id: world.guildId, channel_id: channel }),
  });
}

/** Throws 10015 where there is no such webhook, 50027 where the token is not its own. */
export function webhookByToken(world: World, id: string, token: string): Webhook {
  const webhook = webhookById(world, id);
  if (webhook.token !== token) throw apiError("invalidWebhookToken");
  return webhook;
}

export function webhookById(world: World, id: string): Webhook {
  const webhook = world.webhooks.get(id);
  if (!webhook) throw apiError("unknownWebhook");
  return webhook;
}
