import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Fault } from "../faults.ts";
import { type Content, isRecord } from "./event.ts";
import type { MatrixFaults } from "./faults.ts";
import { limitExceeded, MatrixError } from "./matrix-error.ts";
import type { Answer, Call, Router } from "./router.ts";
import type { Sessions } from "./sessions.ts";

const noQuery = new URLSearchParams();

/** The server that answers the client-server API with `router`, after what `faults` has planned. */
export function createHttpServer(router: Router, sessions: Sessions, faults: MatrixFaults): Server {
  // Longer than clients keep idle connections, so that none is cut just as it is used again.
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const [only] = pieces;
      const bytes = only && pieces.length === 1 ? only : Buffer.concat(pieces);
      void respond({ request, response, bytes }, router, sessions, faults);
    });
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytes: Buffer;
}

async function respond(exchange: Exchange, router: Router, sessions: Sessions, faults: MatrixFaults): Promise<void> {
  const { request, response } = exchange;
  const method = request.method ?? "GET";
  const url = request.url ?? "/";
  const cut = url.indexOf("?");
  const path = cut < 0 ? url : url.slice(0, cut);
  const fault = faults.take(`${method} ${path}`);
  if (fault?.when === "before") return strike(response, fault);

  let status = 200;
  let answer: Answer;
  try {
    const { handler, params } = router.find(method, path);
    const call = toCall(exchange, path, cut < 0 ? noQuery : new URLSearchParams(url.slice(cut + 1)), params, sessions);
    answer = await handler(call);
    status = call.status;
  } catch (error) {
    const known = error instanceof MatrixError ? error : new MatrixError(500, "M_UNKNOWN", String(error));
    return write(response, faults, known.status, errorBody(known), retryAfter(known));
  }
  if (fault) return strike(response, fault);
  write(response, faults, status, answer);
}

function toCall(
  { request, response, bytes }: Exchange,
  path: string,
  query: URLSearchParams,
  params: ReadonlyMap<string, string>,
  sessions: Sessions,
): Call {
  const token = request.headers.authorization?.replace(/^Bearer /, "") ?? query.get("access_token") ?? undefined;
  return {
    path,
    query,
    bytes,
    contentType: request.headers["content-type"],
    status: 200,
    param: name => params.get(name) ?? "",
    body: () => parse(bytes),
    token,
    caller: () => sessions.caller(token, query),
    cut: () => response.destroy(),
    isGone: () => response.destroyed,
    onGone: callback => response.once("close", callback),
  };
}

function parse(bytes: Buffer): Content {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw new MatrixError(400, "M_NOT_JSON", "Content not JSON.");
  }
  if (!isRecord(value)) throw new MatrixError(400, "M_BAD_JSON", "Content must be a JSON object.");
  return value;
}

function strike(response: ServerResponse, fault: Fault): void {
  if (fault.answer === "hang") return;
  if (fault.answer === "reset") {
    response.destroy();
    return;
  }
  const error =
    fault.answer === 429
      ? limitExceeded(fault.retryAfterMs ?? 1000)
      : new MatrixError(fault.answer, "M_UNKNOWN", "Injected fault");
  send(response, fault.answer, errorBody(error), retryAfter(error));
}

function errorBody({ errcode, message, details }: MatrixError): Content {
  return { errcode, error: message, ...details };
}

function retryAfter({ details }: MatrixError): Record<string, string> {
  const ms = details["retry_after_ms"];
  return typeof ms === "number" ? { "retry-after": String(Math.ceil(ms / 1000)) } : {};
}

function write(
  response: ServerResponse,
  faults: MatrixFaults,
  status: number,
  answer: Answer,
  headers: Record<string, string> = {},
): void {
  if (faults.latencyMs > 0) setTimeout(() => send(response, status, answer, headers), faults.latencyMs);
  else if (faults.down) response.destroy();
  else send(response, status, answer, headers);
}

function send(response: ServerResponse, status: number, answer: Answer, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  const isFile = "bytes" in answer && Buffer.isBuffer(answer["bytes"]);
  const bytes = isFile ? answer["bytes"] : JSON.stringify(answer);
  const contentType = isFile ? String(answer["contentType"]) : "application/json";
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(bytes), ...headers });
  response.end(bytes);
}
