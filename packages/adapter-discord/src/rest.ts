import { type RateLimitData, REST, type RequestData, RequestMethod } from "@discordjs/rest";
import type { z } from "zod";
import { toRelayError } from "./errors.ts";

/** Reads that the SDK may hold back by itself; a longer wait is the caller's to plan. */
const patienceMs = 30_000;

/**
 * Discord's REST API, version 10. Every call is one request at most: nothing is repeated, since a repeated post would be
 * a second message. A call through a webhook that would have to wait rejects with `rate-limited` at once, so that
 * other lanes go on; others wait their turn.
 */
export class Rest {
  readonly #sdk: REST;
  readonly #token: string;

  constructor(options: { readonly token: string; readonly apiUrl?: string | undefined; readonly rateScale: number }) {
    this.#token = options.token;
    this.#sdk = new REST({
      ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
      retries: 0,
      globalRequestsPerSecond: Math.ceil(50 * options.rateScale),
      rejectOnRateLimit: (limit: RateLimitData) =>
        limit.route.startsWith("/webhooks") || limit.timeToReset > patienceMs,
    });
  }

  /** For the gateway, which asks where to connect. The SDK forgets its token for good after one 401, passing or not. */
  get sdk(): REST {
    return this.#sdk.setToken(this.#token);
  }

  get<T>(schema: z.ZodType<T>, path: `/${string}`, query: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.#call(schema, RequestMethod.Get, path, { query: new URLSearchParams(query) });
  }

  post<T>(schema: z.ZodType<T>, path: `/${string}`, data: RequestData): Promise<T> {
    return this.#call(schema, RequestMethod.Post, path, data);
  }

  patch<T>(schema: z.ZodType<T>, path: `/${string}`, data: RequestData): Promise<T> {
    return this.#call(schema, RequestMethod.Patch, path, data);
  }

  async delete(path: `/${string}`, query: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#request(RequestMethod.Delete, path, { query: new URLSearchParams(query) });
  }

  close(): void {
    this.#sdk.clearHashSweeper();
    this.#sdk.clearHandlerSweeper();
  }

  async #call<T>(schema: z.ZodType<T>, method: RequestMethod, path: `/${string}`, data: RequestData): Promise<T> {
    const answer = await this.#request(method, path, data);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw toRelayError(parsed.error);
    return parsed.data;
  }

  /** A webhook's own token stands in its path, and the bot's has no business there. */
  async #request(method: RequestMethod, path: `/${string}`, data: RequestData): Promise<unknown> {
    return this.sdk
      .request({ ...data, method, fullRoute: path, auth: !/^\/webhooks\/\d+\/./.test(path) })
      .catch(error => {
        throw toRelayError(error);
      });
  }
}
