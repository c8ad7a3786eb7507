import { RelayError } from "@fanin/core";
import { z } from "zod";
import { toRelayError } from "./errors.ts";
import { WebhookPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** Whoever has the token can write as the webhook: it stays in memory. */
export interface Webhook {
  readonly id: string;
  readonly token: string;
}

const name = "fanin";

/** The webhooks that fanin writes through: one per channel, found again by application and name. */
export class Webhooks {
  readonly #rest: Rest;
  readonly #byChannel = new Map<string, Webhook>();
  readonly #byId = new Map<string, Webhook>();
  readonly #preparing = new Map<string, Promise<Webhook>>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Finds or makes the channel's webhook. Idempotent, also where it is called twice at once. */
  prepare(channel: string, application: string): Promise<Webhook> {
    const pending = this.#preparing.get(channel);
    if (pending) return pending;
    const prepared = this.#findOrMake(channel, application).finally(() => this.#preparing.delete(channel));
    this.#preparing.set(channel, prepared);
    return prepared;
  }

  /** Throws `unprepared` where `prepare` has not been called, or what it made is gone. */
  of(channel: string): Webhook {
    const webhook = this.#byChannel.get(channel);
    if (webhook) return webhook;
    throw new RelayError("unprepared", "the channel's webhook is not known", { retry: "later" });
  }

  /** The webhook that once wrote something; undefined where it is gone. */
  async byId(id: string): Promise<Webhook | undefined> {
    const known = this.#byId.get(id);
    if (known) return known;
    try {
      return this.#keep(await this.#rest.get(WebhookPayload, `/webhooks/${id}`));
    } catch (thrown) {
      const error = toRelayError(thrown);
      if (error.code === "unprepared") return undefined;
      throw error;
    }
  }

  forget({ id }: Webhook): void {
    this.#byId.delete(id);
    for (const [channel, webhook] of this.#byChannel) if (webhook.id === id) this.#byChannel.delete(channel);
  }

  async #findOrMake(channel: string, application: string): Promise<Webhook> {
    const path = `/channels/${channel}/webhooks` as const;
    const found = (await this.#rest.get(z.array(WebhookPayload), path)).find(
      webhook => webhook.application_id === application && webhook.name === name && webhook.token !== undefined,
    );
    const webhook = this.#keep(found ?? (await this.#rest.post(WebhookPayload, path, { body: { name } })));
    if (!webhook) throw new RelayError("forbidden", "Discord does not show the webhook's token", { retry: "never" });
    this.#byChannel.set(channel, webhook);
    return webhook;
  }

  #keep({ id, token }: WebhookPayload): Webhook | undefined {
    if (token === undefined) return undefined;
    this.#byId.set(id, { id, token });
    return { id, token };
  }
}
