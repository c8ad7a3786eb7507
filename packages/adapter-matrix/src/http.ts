import { AsyncLocalStorage } from "node:async_hooks";
import type { Dispatcher } from "undici";
import { translate } from "./errors.ts";
import { Pool } from "./pool.ts";
import { LogService, MatrixClient, setRequestFn } from "./sdk.ts";

interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** Without an answer for so long the call fails; 30 s unless given. */
  readonly timeoutMs?: number;
}

/** One call of the client-server API; `path` starts with `/_matrix`. Rejects with `RelayError` only. */
export type Call = (method: "GET" | "POST" | "PUT", path: string, options?: CallOptions) => Promise<unknown>;

/** A homeserver's client-server API over connections of its own. */
export interface Http {
  readonly call: Call;
  /** Cuts whatever is under way. */
  close(): Promise<void>;
}

/**
 * `identity` goes into the query of every call: an application service says by it as whom, and from which device, it
 * speaks.
 */
export function createHttp(homeserver: string, token: string, identity: () => Record<string, string>): Http {
  const base = homeserver.replace(/\/+$/, "");
  const client = new MatrixClient(base, token);
  const pool = new Pool(new URL(base).origin, { connections: 100, pipelining: 1, connect: { timeout: 10_000 } });

  async function call(method: string, path: string, options: CallOptions = {}): Promise<unknown> {
    const { query = {}, body, signal, timeoutMs = 30_000 } = options;
    const search = new URLSearchParams(identity());
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
    }
    const endpoint = search.size > 0 ? `${path}?${search}` : path;
    try {
      const scope: Scope = signal ? { dispatcher: pool, signal } : { dispatcher: pool };
      return await scopes.run(scope, () => client.doRequest(asSdkMethod(method), endpoint, null, body, timeoutMs));
    } catch (error) {
      throw translate(error, `${method} ${withoutIds(path)}`);
    }
  }

  return { call, close: () => pool.destroy() };
}

type SdkMethod = Parameters<MatrixClient["doRequest"]>[0];

function asSdkMethod(method: string): SdkMethod {
  return method === "PUT" || method === "POST" ? method : "GET";
}

function withoutIds(path: string): string {
  return path
    .replaceAll(/(?<=\/)(?:[!#$@]|%21|%23|%24|%40)[^/]*/g, "…")
    .replace(/(?<=\/(?:send|redact)\/.*\/)[^/]+$/, "…");
}

interface Scope {
  readonly dispatcher: Dispatcher;
  readonly signal?: AbortSignal;
}

// The SDK has one request function for the whole process and no way to abort; the scope tells it whose call this is.
const scopes = new AsyncLocalStorage<Scope>();

/** What the SDK hands to its request function: the part of the retired `request` library's options that it uses. */
interface SdkRequest {
  readonly uri: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly qs: Readonly<Record<string, unknown>> | null;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
  readonly timeout: number;
  /** Null asks for bytes. */
  readonly encoding?: null;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly body: unknown;
}

type SdkCallback = (error: unknown, response?: SdkResponse, body?: unknown) => void;

setRequestFn((request: SdkRequest, done: SdkCallback): void => {
  answer(request).then(
    response => done(null, response, response.body),
    (error: unknown) => done(error),
  );
});
// It would print every refused call, those too that are answered for here.
LogService.muteModule("MatrixHttpClient");

async function answer(request: SdkRequest): Promise<SdkResponse> {
  const { dispatcher, signal } = scopes.getStore() ?? (await elsewhere());
  const url = new URL(request.uri);
  for (const [name, value] of Object.entries(request.qs ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  const { statusCode, headers, body } = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.method,
    headers: request.headers,
    headersTimeout: request.timeout,
    bodyTimeout: request.timeout,
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(signal ? { signal } : {}),
  });
  if (request.encoding === null) return { statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
  // Parsed here once: the SDK would parse a string twice.
  return { statusCode, headers, body: parsed(await body.text()) };
}

/** An embedder's own call of the same SDK. */
async function elsewhere(): Promise<Scope> {
  return { dispatcher: (await import("undici")).getGlobalDispatcher() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
