import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Fault, Faults } from "../faults.ts";
import { createLimiter, type Rate } from "../rates.ts";
import { chatMethods } from "./chat-methods.ts";
import { conversationMethods } from "./conversation-methods.ts";
import { directoryMethods } from "./directory-methods.ts";
import { type Answer, type Method, method, Refusal, requireScope } from "./method.ts";
import { slackRates } from "./rates.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { Workspace } from "./workspace.ts";

export interface WebApiParts {
  readonly workspace: Workspace;
  readonly sockets: SocketMode;
  readonly faults: Faults;
  readonly rateScale: number;
}

const fields = z.record(z.string(), z.unknown());
const mostBytes = 4_000_000;

/** Answers `/api/<method>` as https://docs.slack.dev/apis/web-api describes, one call after its events are with the client. */
export function createWebApi(
  parts: WebApiParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { workspace, sockets, faults, rateScale } = parts;
  const methods = new Map(
    Object.entries({ ...directoryMethods, ...conversationMethods, ...chatMethods, ...connectionMethods(sockets) }),
  );
  const limited = createLimits(slackRates, rateScale);

  const call = (name: string, token: string, args: Readonly<Record<string, unknown>>): Answer => {
    const found = methods.get(name);
    if (!found) throw new Refusal("unknown_method", { req_method: name });
    authorize(workspace, found, token);
    const retryAfterMs = limited(name, String(args["channel"]));
    if (retryAfterMs > 0) throw new RateLimited(retryAfterMs);
    return found.run(workspace, args);
  };

  return async (request, response) => {
    const url = new URL(request.url ?? "/", workspace.url);
    const body = await read(request);
    const fault = faults.take(`${request.method} ${url.pathname}`);
    if (fault?.when === "before") {
      answerFault(response, fault);
      return;
    }
    const args = { ...Object.fromEntries(url.searchParams), ...parseBody(request, body) };
    const token = request.headers.authorization?.replace(/^Bearer /, "") || String(args["token"] ?? "");
    const sentBefore = sockets.sent;
    const answer = answerTo(() => call(url.pathname.replace(/^\/api\//, ""), token, args));
    // On the real network an event is often faster than the answer to the call that caused it; here it always is.
    if (sockets.sent > sentBefore) await sockets.arrived();
    if (faults.latencyMs > 0) await delay(faults.latencyMs);
    if (fault) {
      answerFault(response, fault);
      return;
    }
    const scopes = token === workspace.appToken ? "connections:write" : [...workspace.scopes].join(",");
    response.writeHead(answer.status, {
      "content-type": "application/json; charset=utf-8",
      ...(isKnown(workspace, token) && { "x-oauth-scopes": scopes }),
      ...answer.headers,
    });
    response.end(JSON.stringify(answer.body));
  };
}

class RateLimited extends Error {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super("ratelimited");
    this.retryAfterMs = retryAfterMs;
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Answer;
}

function answerTo(call: () => Answer): HttpAnswer {
  try {
    return { status: 200, headers: {}, body: { ok: true, ...call() } };
  } catch (error) {
    if (error instanceof RateLimited) return tooMany(error.retryAfterMs);
    if (error instanceof Refusal) return refused(error.message, error.fields);
    // A fault of the stand-in itself; as a 5xx it would only make an SDK try again for half an hour.
    return refused("fatal_error", { response_metadata: { messages: [String(error)] } });
  }
}

function refused(error: string, fields: Answer): HttpAnswer {
  return { status: 200, headers: {}, body: { ok: false, error, ...fields } };
}

/** Slack's Retry-After is in whole seconds. */
function tooMany(retryAfterMs: number): HttpAnswer {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { status: 429, headers: { "retry-after": String(seconds) }, body: { ok: false, error: "ratelimited" } };
}

function answerFault(response: ServerResponse, { answer, retryAfterMs = 1000 }: Fault): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    response.destroy();
    return;
  }
  const { headers, body } =
    answer === 429 ? tooMany(retryAfterMs) : { headers: {}, body: { ok: false, error: "internal_error" } };
  response
    .writeHead(answer, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}

function connectionMethods(sockets: SocketMode): Readonly<Record<string, Method>> {
  const open = (workspace: Workspace): Answer => ({
    url: `${workspace.url.replace(/^http/, "ws")}/link/?ticket=${sockets.issueTicket()}&app_id=${workspace.appId}`,
  });
  return { "apps.connections.open": method([], z.object({}), open, "app") };
}

function authorize(workspace: Workspace, { token: kind, scopes }: Method, token: string): void {
  if (token === "") throw new Refusal("not_authed");
  if (!isKnown(workspace, token)) throw new Refusal("invalid_auth");
  const isApp = token === workspace.appToken;
  if (kind !== "either" && isApp !== (kind === "app")) throw new Refusal("not_allowed_token_type");
  if (!isApp) requireScope(workspace, scopes);
}

function isKnown({ botToken, appToken }: Workspace, token: string): boolean {
  return token === botToken || token === appToken;
}

function createLimits(rates: readonly Rate[], scale: number): (name: string, channel: string) => number {
  const limits = rates.map(rate => ({ rate, limiter: createLimiter(rate, scale) }));
  return (name, channel) => {
    const verdicts = limits
      .filter(({ rate }) => rate.calls === name)
      .map(({ rate, limiter }) => limiter(rate.per === "channel" ? channel : ""));
    return Math.max(0, ...verdicts.map(verdict => verdict.retryAfterMs));
  };
}

function parseBody(request: IncomingMessage, body: string): Readonly<Record<string, unknown>> {
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    return fields.parse(JSON.parse(body));
  } catch {
    return {};
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
