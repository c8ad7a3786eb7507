import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import type { Fault, Faults } from "../faults.ts";
import { ApiError, apiError } from "./api-error.ts";
import { createCdn } from "./cdn.ts";
import { limited, tooManyRequests } from "./limits.ts";
import { discordRates } from "./rates.ts";
import { guildRoutes } from "./routes/guild.ts";
import { messageRoutes } from "./routes/messages.ts";
import { threadRoutes } from "./routes/threads.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import type { World } from "./world.ts";

/** How long an answer waits, so that the gateway's event of a write is at the client before the answer to it. */
const eventsAheadMs = 2;

/** A webhook's token in the path stands for the bot's in the header. */
const byWebhookToken = /\/webhooks\/\d+\/./;

type Env = { Bindings: HttpBindings };

/** Discord's REST API, version 10, as far as a relay uses it, under /api/v10; the pictures under /cdn. */
export function createRest(world: World, faults: Faults, scale: number, gatewayUrl: string): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const fault = faults.take(`${c.req.method} ${c.req.path}`);
    if (fault?.when !== "before") await next();
    // And a turn: after a late timer the event may still wait to be read in this very process.
    if (c.req.method !== "GET") await delay(eventsAheadMs).then(() => turn());
    if (faults.latencyMs > 0) await delay(faults.latencyMs);
    if (fault) replaceAnswer(c, answerFault(c, fault));
  });
  const total = limited(discordRates.account, scale, () => "", "global");
  app.use("/api/*", async (c, next) => {
    if (byWebhookToken.test(c.req.path)) return next();
    if (c.req.header("Authorization") !== `Bot ${world.token}`) throw apiError("unauthorized");
    return total(c, next);
  });
  const v10 = new Hono();
  v10.route("/", guildRoutes(world, gatewayUrl));
  v10.route("/", messageRoutes(world, scale));
  v10.route("/", threadRoutes(world));
  v10.route("/", webhookRoutes(world, scale));
  app.route("/api/v10", v10);
  app.route("/cdn", createCdn(world));
  app.notFound(c => c.json(apiError("notFound").body, 404));
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    return c.json(error.body, error.status);
  });
  return app;
}

function answerFault(context: Context<Env>, { answer, retryAfterMs = 1000 }: Fault): Response {
  if (answer === "reset") context.env.incoming.socket.destroy();
  if (answer === "reset" || answer === "hang") return RESPONSE_ALREADY_SENT;
  if (answer === 429) return tooManyRequests(context, retryAfterMs);
  return Response.json({ message: `${answer}: as told by the sandbox`, code: 0 }, { status: answer });
}

/** Hono would merge the headers of an answer that stands already. */
function replaceAnswer(context: Context<Env>, answer: Response): void {
  context.res = undefined;
  context.res = answer;
}
