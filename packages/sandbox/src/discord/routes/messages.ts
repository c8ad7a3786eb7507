import { Hono } from "hono";
import * as z from "zod";
import { apiError, invalidForm } from "../api-error.ts";
import { parseForm, readForm } from "../forms.ts";
import { history } from "../history.ts";
import { limited } from "../limits.ts";
import { messageWire } from "../message-wire.ts";
import { createMessage, deleteMessages, editMessage } from "../messages.ts";
import type { Channel, Message } from "../model.ts";
import { discordRates } from "../rates.ts";
import { madeAt } from "../snowflake.ts";
import { channelWire } from "../wire.ts";
import type { World } from "../world.ts";
import { messageForm } from "./message-form.ts";

const noncesLastMs = 5 * 60_000;
const bulkReachesBackMs = 14 * 86_400_000;

const span = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.string().optional(),
  after: z.string().optional(),
  around: z.string().optional(),
});

const newMessage = messageForm.extend({
  nonce: z.union([z.string().max(25), z.number().int()]).optional(),
  enforce_nonce: z.boolean().default(false),
  message_reference: z
    .object({
      message_id: z.string(),
      channel_id: z.string().optional(),
      fail_if_not_exists: z.boolean().default(true),
    })
    .optional(),
});

const bulk = z.object({ messages: z.array(z.string()) });

/** A channel and its messages, as the bot reads and writes them. */
export function messageRoutes(world: World, scale: number): Hono {
  const app = new Hono();
  const inBucket = () => limited(discordRates.channelMessages, scale, c => c.req.param("channel") ?? "");
  const wire = (message: Message) => messageWire(world, message, world.privileged.messageContent);

  app.get("/channels/:channel", c => c.json(channelWire(world, world.channelForBot(c.req.param("channel")))));
  app.post("/channels/:channel/typing", c => {
    world.channelForBot(c.req.param("channel"), "SendMessages");
    return c.body(null, 204);
  });
  app.get("/channels/:channel/messages", c => {
    const channel = world.channelForBot(c.req.param("channel"));
    // Without the permission the answer is no error: it is empty.
    const readable = world.botMay(channel, "ReadMessageHistory");
    return c.json(readable ? history(channel, parseForm(span, c.req.query())).map(wire) : []);
  });
  app.get("/channels/:channel/messages/:message", c => {
    const channel = world.channelForBot(c.req.param("channel"), "ReadMessageHistory");
    return c.json(wire(world.message(channel, c.req.param("message"))));
  });
  app.post("/channels/:channel/messages", inBucket(), async c => {
    const channel = channelToSpeakIn(world, c.req.param("channel"));
    const form = await readForm(newMessage, c.req);
    const { content = "", nonce, flags, embeds, allowed_mentions: allowed } = form;
    const repeated = form.enforce_nonce ? withNonce(world, channel, nonce) : undefined;
    const draft = { author: world.bot, content, nonce, flags, embeds, allowed };
    const reference = answeredBy(channel, form.message_reference);
    const message = repeated ?? createMessage(world, channel, { ...draft, reference });
    return c.json({ ...wire(message), ...(nonce !== undefined && { nonce }) });
  });
  app.post("/channels/:channel/messages/bulk-delete", inBucket(), async c => {
    const channel = world.channelForBot(c.req.param("channel"), "ManageMessages");
    const { messages } = await readForm(bulk, c.req);
    if (messages.length < 2 || messages.length > 100) throw apiError("bulkDeleteCount");
    if (messages.some(id => madeAt(id) < Date.now() - bulkReachesBackMs)) throw apiError("bulkDeleteTooOld");
    deleteMessages(world, channel, messages, true);
    return c.body(null, 204);
  });
  app.patch("/channels/:channel/messages/:message", inBucket(), async c => {
    const channel = world.channelForBot(c.req.param("channel"));
    const message = world.message(channel, c.req.param("message"));
    if (message.author.id !== world.bot.id) throw apiError("notTheAuthor");
    const { allowed_mentions: allowed, ...edit } = await readForm(messageForm, c.req);
    editMessage(world, channel, message, { ...edit, allowed });
    return c.json(wire(message));
  });
  app.delete("/channels/:channel/messages/:message", inBucket(), c => {
    const channel = world.channelForBot(c.req.param("channel"));
    const message = world.message(channel, c.req.param("message"));
    const own = message.author.id === world.bot.id;
    if (!own && !world.botMay(channel, "ManageMessages")) throw apiError("missingPermissions");
    if (message.type === 21) throw apiError("systemMessage");
    deleteMessages(world, channel, [message.id]);
    return c.body(null, 204);
  });
  return app;
}

function channelToSpeakIn(world: World, id: string): Channel {
  const channel = world.channelForBot(id);
  if (!world.botMay(channel, channel.thread ? "SendMessagesInThreads" : "SendMessages")) {
    throw apiError("missingPermissions");
  }
  return channel;
}

/** What the bot said a few minutes ago under the same nonce. */
function withNonce(world: World, channel: Channel, nonce: string | number | undefined): Message | undefined {
  const since = Date.now() - noncesLastMs;
  return [...channel.messages.values()].findLast(
    message =>
      nonce !== undefined &&
      message.nonce === nonce &&
      message.author.id === world.bot.id &&
      madeAt(message.id) > since,
  );
}

function answeredBy(
  channel: Channel,
  asked: { message_id: string; channel_id?: string | undefined; fail_if_not_exists: boolean } | undefined,
): { channel: string; message: string } | undefined {
  if (!asked) return undefined;
  const known = (asked.channel_id ?? channel.id) === channel.id && channel.messages.has(asked.message_id);
  if (known) return { channel: channel.id, message: asked.message_id };
  if (!asked.fail_if_not_exists) return undefined;
  throw invalidForm(["message_reference"], "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
}
