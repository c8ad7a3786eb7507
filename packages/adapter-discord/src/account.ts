import { ApplicationPayload, UserPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

export interface Identity {
  /** The bot's user id. */
  readonly bot: string;
  /** Older applications have another id than their bot. */
  readonly application: string;
}

/** Who we are on Discord; asked once. */
export class Account {
  readonly #rest: Rest;
  #identity: Identity | undefined;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  async identity(): Promise<Identity> {
    if (this.#identity) return this.#identity;
    const [bot, application] = await Promise.all([
      this.#rest.get(UserPayload, "/users/@me"),
      this.#rest.get(ApplicationPayload, "/applications/@me"),
    ]);
    this.#identity = { bot: bot.id, application: application.id };
    return this.#identity;
  }
}
