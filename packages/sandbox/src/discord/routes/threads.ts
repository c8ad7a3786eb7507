import { Hono } from "hono";
import * as z from "zod";
import { apiError } from "../api-error.ts";
import { readForm } from "../forms.ts";
import { archive, createThread, unarchive } from "../threads.ts";
import { channelWire } from "../wire.ts";
import type { World } from "../world.ts";

const newThread = z.object({
  name: z.string().min(1).max(100),
  auto_archive_duration: z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10080)]).default(4320),
});

const threadChange = z.object({ archived: z.boolean() });

/** Threads on messages; what is said in them goes by the routes of any channel. */
export function threadRoutes(world: World): Hono {
  const app = new Hono();
  app.post("/channels/:channel/messages/:message/threads", async c => {
    const channel = world.channelForBot(c.req.param("channel"), "CreatePublicThreads");
    const starter = world.message(channel, c.req.param("message"));
    const { name, auto_archive_duration: autoArchiveMinutes } = await readForm(newThread, c.req);
    const thread = createThread(world, channel, starter, { name, owner: world.bot, autoArchiveMinutes });
    return c.json(channelWire(world, thread), 201);
  });
  app.get("/channels/:channel/threads/archived/public", c => {
    const channel = world.channelForBot(c.req.param("channel"), "ReadMessageHistory");
    const threads = world.threadsOf(channel).filter(({ thread }) => thread?.archived);
    return c.json({ threads: threads.map(thread => channelWire(world, thread)), members: [], has_more: false });
  });
  app.patch("/channels/:channel", async c => {
    const channel = world.channelForBot(c.req.param("channel"), "SendMessagesInThreads");
    if (!channel.thread) throw apiError("wrongChannelType");
    const { archived } = await readForm(threadChange, c.req);
    (archived ? archive : unarchive)(world, channel);
    return c.json(channelWire(world, channel));
  });
  return app;
}
