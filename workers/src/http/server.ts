import { once } from "node:events";
import { RelayError } from "@fanin/core";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Readiness } from "./readiness.ts";

export interface HttpServer {
  /** The port it listens on, also where 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/healthz` (200 while the process runs) and `/readyz` (200 or 503, with what is not ready as JSON).
 * Rejects with `bad-config` where the address can't be had.
 */
export async function serveHealth(listen: string, readiness: () => Promise<Readiness>): Promise<HttpServer> {
  const app = new Hono();
  app.get("/healthz", context => context.json({ ok: true }));
  app.get("/readyz", async context => {
    const state = await readiness();
    return context.json(state, state.ready ? 200 : 503);
  });
  const colon = listen.lastIndexOf(":");
  const hostname = listen.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const server = serve({ fetch: app.fetch, hostname, port: Number(listen.slice(colon + 1)) });
  try {
    await once(server, "listening");
  } catch (error) {
    throw unavailable(listen, error);
  }
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

function unavailable(listen: string, cause: unknown): RelayError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = reasons.get(code) ?? `can't be listened on${code ? ` (${code})` : ""}`;
  const message = `http.listen: ${listen} ${why}; choose another address.`;
  return new RelayError("bad-config", message, { retry: "never", cause });
}

const reasons = new Map([
  ["EADDRINUSE", "is in use by another program (is fanin running already?)"],
  ["EADDRNOTAVAIL", "is not an address of this machine"],
  ["EACCES", "is not allowed to this user"],
  ["ENOTFOUND", "names no known host"],
]);
