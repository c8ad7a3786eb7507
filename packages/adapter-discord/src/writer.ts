import { type ChannelRef, type Copy, type Key, RelayError } from "@fanin/core";
import { z } from "zod";
import { answerLine, answerLineOf } from "./answer.ts";
import { maxMessage } from "./capabilities.ts";
import { type Directory, spotOf } from "./directory.ts";
import { ThreadArchived, toRelayError } from "./errors.ts";
import { markedName } from "./name.ts";
import { ChannelPayload } from "./payload.ts";
import type { DiscordPart } from "./render.ts";
import type { Rest } from "./rest.ts";
import { readMessageId, refOf } from "./spot.ts";
import type { Webhook, Webhooks } from "./webhooks.ts";

const Sent = z.object({ id: z.string(), content: z.string() });

/** Writes through the channels' webhooks. https://discord.com/developers/docs/resources/webhook */
export class Writer {
  readonly #rest: Rest;
  readonly #webhooks: Webhooks;
  readonly #directory: Directory;

  constructor(rest: Rest, webhooks: Webhooks, directory: Directory) {
    this.#rest = rest;
    this.#webhooks = webhooks;
    this.#directory = directory;
  }

  /** One POST, never repeated where it may have arrived. */
  async send(ref: ChannelRef, part: DiscordPart, key: Key): Promise<Copy> {
    const webhook = this.#webhooks.of(ref.channel);
    const thread = await this.threadFor(part);
    try {
      return await this.#execute(ref, webhook, part, key, thread);
    } catch (thrown) {
      const error = toRelayError(thrown);
      if (error.code === "unprepared") this.#webhooks.forget(webhook);
      if (error.code !== "not-found" || thread === undefined) throw error;
      // The thread was deleted; what was to be said there is said in the channel.
      this.#directory.forget(thread);
      return this.#execute(ref, webhook, part, key, undefined);
    }
  }

  /** Keeps the line above the text that tells what the message answers: an edit does not bring it again. */
  async edit(copy: Copy, part: DiscordPart): Promise<Copy> {
    const { thread } = readMessageId(copy.ref.message);
    const webhook = await this.#webhooks.byId(readHandle(copy.handle).webhook);
    if (!webhook) throw deadWebhook();
    const path = messagePath(webhook, copy);
    const query = inThread(thread);
    const write = async () => {
      const line = readHandle(copy.handle).answers
        ? answerLineOf((await this.#rest.get(Sent, path, query)).content)
        : "";
      const content = line.length + part.text.length > maxMessage ? part.text : line + part.text;
      await this.#rest.patch(Sent, path, { query: new URLSearchParams(query), body: { content, ...pinging(part) } });
    };
    try {
      await write();
    } catch (thrown) {
      const error = toRelayError(thrown);
      if (error.code === "unprepared") throw this.#died(webhook);
      if (thread === undefined || !(error.cause instanceof ThreadArchived)) throw error;
      await this.#rest.patch(z.unknown(), `/channels/${thread}`, { body: { archived: false } });
      await write();
    }
    return copy;
  }

  /** Where the webhook is gone the bot deletes the message, if it may manage messages. */
  async remove(copy: Copy): Promise<void> {
    const { thread, message } = readMessageId(copy.ref.message);
    const webhook = await this.#webhooks.byId(readHandle(copy.handle).webhook);
    try {
      if (webhook) return await this.#rest.delete(messagePath(webhook, copy), inThread(thread));
    } catch (thrown) {
      const error = toRelayError(thrown);
      if (error.code === "not-found") return;
      if (error.code !== "unprepared") throw error;
    }
    if (webhook) this.#webhooks.forget(webhook);
    await this.#rest.delete(`/channels/${thread ?? copy.ref.channel}/messages/${message}`).catch(thrown => {
      const error = toRelayError(thrown);
      if (error.code !== "not-found") throw error.code === "forbidden" ? deadWebhook() : error;
    });
  }

  /** The thread that a part belongs in; undefined where its root has none: then it answers the root in the channel. */
  async threadFor({ thread: root }: DiscordPart): Promise<string | undefined> {
    if (root === undefined) return undefined;
    const { thread, message } = readMessageId(root);
    // A thread made from a message has the message's id.
    const id = thread ?? message;
    const known = this.#directory.find(id) ?? (await this.#lookForThread(id));
    return known && spotOf(known)?.thread;
  }

  async #lookForThread(id: string) {
    if (this.#directory.isThreadless(id)) return undefined;
    try {
      return this.#directory.learn(await this.#rest.get(ChannelPayload, `/channels/${id}`));
    } catch (thrown) {
      const error = toRelayError(thrown);
      if (error.code !== "not-found" && error.code !== "forbidden") throw error;
      this.#directory.noThread(id);
      return undefined;
    }
  }

  async #execute(
    ref: ChannelRef,
    webhook: Webhook,
    part: DiscordPart,
    key: Key,
    thread: string | undefined,
  ): Promise<Copy> {
    const line = this.#lineOf(ref, part, thread);
    const body = {
      username: markedName(part.name, key),
      content: line + part.text,
      ...(part.avatarUrl === undefined ? {} : { avatar_url: part.avatarUrl }),
      ...pinging(part),
    };
    const query = new URLSearchParams({ wait: "true", ...inThread(thread) });
    const { id } = await this.#rest.post(Sent, `/webhooks/${webhook.id}/${webhook.token}`, { query, body });
    return { ref: refOf(ref, thread, id), handle: handleOf(webhook.id, line !== "") };
  }

  #lineOf(ref: ChannelRef, { answers, thread: root }: DiscordPart, thread: string | undefined): string {
    const isRoot = thread !== undefined && answers?.message === root;
    return answers && !isRoot ? answerLine(answers, this.#directory.find(ref.channel)?.guild, ref.channel) : "";
  }

  #died(webhook: Webhook): RelayError {
    this.#webhooks.forget(webhook);
    return deadWebhook();
  }
}

/** A copy's handle: its webhook, and whether it begins with the line that tells what it answers. */
export function handleOf(webhook: string, answers: boolean): string {
  return answers ? `${webhook} answers` : webhook;
}

function readHandle(handle: string): { readonly webhook: string; readonly answers: boolean } {
  const [webhook = "", answers] = handle.split(" ");
  return { webhook, answers: answers === "answers" };
}

function messagePath(webhook: Webhook, { ref }: Copy): `/${string}` {
  return `/webhooks/${webhook.id}/${webhook.token}/messages/${readMessageId(ref.message).message}`;
}

function inThread(thread: string | undefined): Record<string, string> {
  return thread === undefined ? {} : { thread_id: thread };
}

/** Without it, an edit too would ping whoever its text names. */
function pinging({ mentions }: DiscordPart): object {
  return { allowed_mentions: { parse: [], users: mentions } };
}

function deadWebhook(): RelayError {
  const message = "the Discord webhook that wrote this message was deleted, and nobody else may change what it wrote";
  return new RelayError("rejected", message, { retry: "never" });
}
