import { type Context, Hono } from "hono";
import * as z from "zod";
import { apiError } from "../api-error.ts";
import { readForm } from "../forms.ts";
import { limited } from "../limits.ts";
import { messageWire } from "../message-wire.ts";
import { createMessage, deleteMessages, editMessage } from "../messages.ts";
import type { Channel, Message, User, Webhook } from "../model.ts";
import { discordRates } from "../rates.ts";
import { createWebhook, deleteWebhook, webhookById, webhookByToken, webhooksOf } from "../webhooks.ts";
import { webhookWire } from "../wire.ts";
import type { World } from "../world.ts";
import { messageForm } from "./message-form.ts";

/** A name that Discord lets a webhook speak under: https://discord.com/developers/docs/resources/webhook#create-webhook */
const webhookName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .superRefine((name, context) => {
    const word = ["clyde", "discord"].find(forbidden => name.toLowerCase().includes(forbidden));
    if (!word) return;
    const params = { code: "USERNAME_INVALID_CONTAINS" };
    context.addIssue({ code: "custom", message: `Username cannot contain "${word}"`, params });
  });

const newWebhook = z.object({ name: webhookName });

const execution = messageForm.extend({
  username: webhookName.nullish(),
  avatar_url: z.string().nullish(),
});

/** Webhooks: managed with the bot's token, spoken through with their own. */
export function webhookRoutes(world: World, scale: number): Hono {
  const app = new Hono();
  const { webhook: perWebhook, webhooksOfChannel } = discordRates;
  const inBucket = () => limited(perWebhook, scale, c => c.req.param("webhook") ?? "");
  const inChannelBucket = limited(webhooksOfChannel, scale, c => channelKey(world, c), "shared");
  // Whoever holds a webhook's token sees what it said itself.
  const wire = (message: Message) => messageWire(world, message, true);

  app.get("/channels/:channel/webhooks", c => {
    const channel = world.channelForBot(c.req.param("channel"), "ManageWebhooks");
    return c.json(webhooksOf(world, channel).map(webhook => webhookWire(world, webhook)));
  });
  app.post("/channels/:channel/webhooks", async c => {
    const channel = world.channelForBot(c.req.param("channel"), "ManageWebhooks");
    const { name } = await readForm(newWebhook, c.req);
    return c.json(webhookWire(world, createWebhook(world, channel, { name, by: world.bot })));
  });
  app.get("/webhooks/:webhook", c => c.json(webhookWire(world, managed(world, c.req.param("webhook")))));
  app.delete("/webhooks/:webhook", c => {
    deleteWebhook(world, managed(world, c.req.param("webhook")));
    return c.body(null, 204);
  });

  app.get("/webhooks/:webhook/:token", c => {
    const webhook = webhookByToken(world, c.req.param("webhook"), c.req.param("token"));
    return c.json({ ...webhookWire(world, webhook), user: undefined });
  });
  app.delete("/webhooks/:webhook/:token", c => {
    deleteWebhook(world, webhookByToken(world, c.req.param("webhook"), c.req.param("token")));
    return c.body(null, 204);
  });
  app.post("/webhooks/:webhook/:token", inBucket(), inChannelBucket, async c => {
    const webhook = webhookByToken(world, c.req.param("webhook"), c.req.param("token"));
    const channel = channelOf(world, webhook, c.req.query("thread_id"));
    const { content = "", username, avatar_url: picture, embeds, flags, ...form } = await readForm(execution, c.req);
    const message = createMessage(world, channel, {
      author: speaker(world, webhook, username, picture),
      webhook,
      avatarUrl: picture ?? undefined,
      content,
      embeds,
      flags,
      allowed: form.allowed_mentions,
    });
    return c.req.query("wait") === "true" ? c.json(wire(message)) : c.body(null, 204);
  });

  const message = "/webhooks/:webhook/:token/messages/:message";
  app.get(message, inBucket(), c => c.json(wire(spoken(world, c).message)));
  app.patch(message, inBucket(), async c => {
    const { channel, message } = spoken(world, c);
    const { allowed_mentions: allowed, ...edit } = await readForm(messageForm, c.req);
    editMessage(world, channel, message, { ...edit, allowed });
    return c.json(wire(message));
  });
  app.delete(message, inBucket(), c => {
    const { channel, message } = spoken(world, c);
    deleteMessages(world, channel, [message.id]);
    return c.body(null, 204);
  });
  return app;
}

/** A webhook the bot may manage. */
function managed(world: World, id: string): Webhook {
  const webhook = webhookById(world, id);
  world.channelForBot(webhook.channel, "ManageWebhooks");
  return webhook;
}

function channelKey(world: World, context: Context): string {
  const { webhook = "" } = context.req.param();
  return context.req.query("thread_id") ?? world.webhooks.get(webhook)?.channel ?? "";
}

/** The webhook's channel, or the thread in it that was asked for; any other is unknown to it. */
function channelOf(world: World, webhook: Webhook, thread: string | undefined): Channel {
  const channel = world.channel(thread ?? webhook.channel);
  if (thread !== undefined && channel.thread?.parent !== webhook.channel) throw apiError("unknownChannel");
  return channel;
}

/** A webhook's own message. One in a thread is unknown without its `thread_id`, one of another webhook always. */
function spoken(world: World, context: Context): { channel: Channel; message: Message } {
  const { webhook: id = "", token = "", message: messageId = "" } = context.req.param();
  const webhook = webhookByToken(world, id, token);
  const channel = channelOf(world, webhook, context.req.query("thread_id"));
  const message = world.message(channel, messageId);
  if (message.webhook?.id !== webhook.id) throw apiError("unknownMessage");
  return { channel, message };
}

/** The author that readers see: the webhook's id under the name and picture asked for. */
function speaker(
  world: World,
  webhook: Webhook,
  username: string | null | undefined,
  picture: string | null | undefined,
): User {
  return {
    id: webhook.id,
    username: username ?? webhook.name,
    globalName: null,
    avatar: picture ? world.picture(picture) : webhook.avatar,
    bot: true,
  };
}
