import { hash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { RelayError } from "@fanin/core";
import { z } from "zod";
import type { Registration } from "./registration.ts";

export interface EndpointOptions {
  readonly registration: Registration;
  /** `host:port`. */
  readonly listen: string;
  /** Resolves once the events are kept; a rejection has the homeserver push them again. */
  readonly take: (events: readonly unknown[]) => Promise<void>;
  /** Whether the account is the service's. */
  readonly isOwn: (user: string) => boolean;
}

export interface Endpoint {
  readonly port: number;
  /** Takes no further transactions; those under way are answered. */
  close(): Promise<void>;
}

/** A hundred events of the largest size, several times over. */
const maxBodyBytes = 50_000_000;

/**
 * Where the homeserver pushes to (https://spec.matrix.org/latest/application-service-api/). A transaction is answered
 * with 200 only once all of its events are kept; what is in them never makes it fail, since everything behind it would
 * wait. Rejects with `bad-config` where the address can't be had.
 */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const server = createServer((request, response) => {
    answer(options, request).then(
      ([status, body]) => reply(server, response, status, body),
      () => reply(server, response, 500, { errcode: "M_UNKNOWN", error: "The events could not be kept" }),
    );
  });
  await listenOn(server, options.listen);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function listenOn(server: Server, listen: string): Promise<void> {
  const colon = listen.lastIndexOf(":");
  const host = listen.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const port = Number(listen.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port)) throw cannotListen(listen, "It must read host:port.");
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      reject(cannotListen(listen, inUse ? "Another process has this port." : `The system says ${error.code}.`, error));
    });
    server.listen(port, host, resolve);
  });
}

function cannotListen(listen: string, why: string, cause?: unknown): RelayError {
  const says = `fanin cannot listen on ${listen} for the homeserver. ${why}`;
  return new RelayError("bad-config", says, {
    retry: "never",
    finding: {
      id: "cannot-listen",
      severity: "refuse",
      says,
      cure: "Set `listen` to a free address and the registration's `url` to where the homeserver reaches it.",
    },
    cause,
  });
}

type Answer = readonly [status: number, body: object];

const ok: Answer = [200, {}];
const unknownThing: Answer = [404, { errcode: "M_NOT_FOUND", error: "There is no such thing here" }];

async function answer(options: EndpointOptions, request: IncomingMessage): Promise<Answer> {
  const { registration, take, isOwn } = options;
  const given = request.headers.authorization?.replace(/^Bearer /, "");
  if (given === undefined) return [401, { errcode: "M_MISSING_TOKEN", error: "Authorization is missing" }];
  if (!isSame(given, registration.hs_token)) return [403, { errcode: "M_FORBIDDEN", error: "Wrong hs_token" }];

  const path = (request.url ?? "").split("?")[0] ?? "";
  const [, what, id] = /^\/_matrix\/app\/v1\/(transactions|ping|users|rooms)(?:\/([^/]+))?$/.exec(path) ?? [];
  switch (`${request.method} ${what}`) {
    case "PUT transactions":
      return transaction(request, take);
    case "POST ping":
      return ok;
    case "GET users":
      return id !== undefined && isOwn(decoded(id)) ? ok : unknownThing;
    case "GET rooms":
      return unknownThing;
    default:
      return [what ? 405 : 404, { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" }];
  }
}

const Transaction = z.object({ events: z.array(z.unknown()).catch([]) });

async function transaction(request: IncomingMessage, take: EndpointOptions["take"]): Promise<Answer> {
  const body = await bodyOf(request);
  if (body === undefined) return [413, { errcode: "M_TOO_LARGE", error: "Too large" }];
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return [400, { errcode: "M_NOT_JSON", error: "Not JSON" }];
  }
  await take(Transaction.safeParse(json).data?.events ?? []);
  return ok;
}

/** Undefined where it is too large. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBodyBytes) resolve(undefined);
    else pieces.push(piece);
  });
  request.once("end", () => resolve(Buffer.concat(pieces).toString()));
  request.once("error", reject);
  request.once("close", () => reject(new Error("The homeserver hung up")));
  return promise;
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => hash("sha256", text, "buffer");
  return timingSafeEqual(digest(given), digest(expected));
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function reply(server: Server, response: ServerResponse, status: number, body: object): void {
  // A connection that is kept would keep a closing server.
  if (!server.listening) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
