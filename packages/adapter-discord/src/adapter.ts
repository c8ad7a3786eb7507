import {
  type Adapter,
  type Capabilities,
  type ChannelRef,
  type Copy,
  type Created,
  type Cursor,
  channelRef,
  type Finding,
  type Inbox,
  type Key,
  type Lost,
  type MessageRef,
  NetworkName,
  type Post,
} from "@fanin/core";
import { Account } from "./account.ts";
import { discordCapabilities } from "./capabilities.ts";
import { checkAccount, checkChannel, noAccess } from "./check.ts";
import { Directory, type KnownChannel } from "./directory.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { headOf, readHistory } from "./history.ts";
import { createListener } from "./listen.ts";
import { ChannelPayload } from "./payload.ts";
import { findByKey } from "./recall.ts";
import { type DiscordPart, renderPost } from "./render.ts";
import { resolveChannel } from "./resolve.ts";
import { Rest } from "./rest.ts";
import { readMessageId } from "./spot.ts";
import type { Reading } from "./to-event.ts";
import { Webhooks } from "./webhooks.ts";
import { Writer } from "./writer.ts";

export interface DiscordAdapterOptions {
  /** The network's name in the configuration. */
  readonly network: string;
  /** The bot's token. */
  readonly token: string;
  /** Of another Discord-compatible server, ending in `/api`; pictures are then expected at `/cdn` beside it. */
  readonly apiUrl?: string;
  /** Multiplies the documented rates and divides the waits, for a server that is scaled alike; 1 unless given. */
  readonly rateScale?: number;
}

/**
 * Discord as a network: the gateway in, one webhook per channel out. Holds no messages; one gateway connection from
 * `connect` to `close`. https://discord.com/developers/docs
 */
export function createDiscordAdapter(options: DiscordAdapterOptions): Adapter<DiscordPart> {
  return new DiscordAdapter(options);
}

class DiscordAdapter implements Adapter<DiscordPart> {
  readonly capabilities: Capabilities;
  readonly #network: NetworkName;
  readonly #options: DiscordAdapterOptions;
  readonly #rest: Rest;
  readonly #account: Account;
  readonly #directory = new Directory();
  readonly #webhooks: Webhooks;
  readonly #writer: Writer;
  readonly #reading: Reading;
  /** Channels that were prepared: those whose loss matters. */
  readonly #linked = new Set<string>();
  #gateway: Gateway | undefined;

  constructor(options: DiscordAdapterOptions) {
    const { apiUrl, network, rateScale = 1, token } = options;
    this.#options = options;
    this.#network = NetworkName.parse(network);
    this.capabilities = discordCapabilities(rateScale);
    this.#rest = new Rest({ token, apiUrl, rateScale });
    this.#account = new Account(this.#rest);
    this.#webhooks = new Webhooks(this.#rest);
    this.#writer = new Writer(this.#rest, this.#webhooks, this.#directory);
    this.#reading = {
      cdnUrl: apiUrl === undefined ? "https://cdn.discordapp.com" : new URL("cdn", apiUrl).href,
      names: {
        network: this.#network,
        user: () => undefined,
        role: id => this.#directory.role(id),
        channel: id => this.#directory.find(id)?.name,
      },
    };
  }

  async check(channel?: ChannelRef): Promise<Finding[]> {
    if (!channel) return checkAccount(this.#rest);
    return checkChannel(this.#rest, channel, (await this.#account.identity()).bot);
  }

  resolve(name: string): Promise<ChannelRef> {
    return resolveChannel(this.#rest, this.#directory, this.#network, name);
  }

  async prepare(channel: ChannelRef): Promise<string[]> {
    const { bot, application } = await this.#account.identity();
    const webhook = await this.#webhooks.prepare(channel.channel, application);
    this.#linked.add(channel.channel);
    return [bot, application, webhook.id];
  }

  async connect(inbox: Inbox, signal: AbortSignal): Promise<void> {
    const { bot } = await this.#account.identity();
    const listen = createListener({
      network: this.#network,
      botId: bot,
      directory: this.#directory,
      inbox,
      reading: this.#reading,
      look: channel => this.#look(channel),
      recheck: (guild, channel) => this.#recheck(inbox, guild, channel),
    });
    this.#gateway = await openGateway({
      rest: this.#rest,
      token: this.#options.token,
      rateScale: this.#options.rateScale ?? 1,
      onDispatch: listen,
      onNewSession: () => inbox.missed(),
      onState: state => inbox.report(state),
      signal,
    });
  }

  head(channel: ChannelRef): Promise<Cursor> {
    return headOf(this.#rest, this.#directory, channel);
  }

  history(channel: ChannelRef, after: Cursor): AsyncIterable<Created | Lost> {
    return readHistory(this.#rest, this.#account, this.#directory, channel, after, this.#reading);
  }

  render(post: Post): DiscordPart[] {
    return renderPost(post, this.#network);
  }

  send(channel: ChannelRef, part: DiscordPart, key: Key): Promise<Copy> {
    return this.#writer.send(channel, part, key);
  }

  async recall(
    channel: ChannelRef,
    part: DiscordPart,
    key: Key,
    after: MessageRef | undefined,
  ): Promise<Copy | "absent" | "unknown"> {
    const { id: webhook } = this.#webhooks.of(channel.channel);
    // Nothing of ours is older than the webhook.
    const since = after ? readMessageId(after.message).message : webhook;
    const thread = await this.#writer.threadFor(part);
    const found = await findByKey(this.#rest, this.#account, webhook, channel, thread, key, since);
    if (found !== "absent" || thread === undefined) return found;
    // It may have been sent before the thread was made.
    return findByKey(this.#rest, this.#account, webhook, channel, undefined, key, since);
  }

  edit(copy: Copy, part: DiscordPart): Promise<Copy> {
    return this.#writer.edit(copy, part);
  }

  remove(copy: Copy): Promise<void> {
    return this.#writer.remove(copy);
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
    this.#rest.close();
  }

  async #look(channel: string): Promise<KnownChannel> {
    return this.#directory.learn(await this.#rest.get(ChannelPayload, `/channels/${channel}`));
  }

  #recheck(inbox: Inbox, guild: string, channel?: string): void {
    const concerned = [...this.#linked].filter(id => {
      return channel === undefined ? this.#directory.find(id)?.guild === guild : id === channel;
    });
    for (const ref of concerned.map(id => channelRef(this.#network, id))) {
      const checked = this.check(ref).then(findings => {
        const lost = findings.find(({ id }) => id === noAccess(ref).id);
        if (lost) inbox.lost(ref, lost);
      });
      // Where Discord can't be asked now, sending and reading will tell.
      void checked.catch(() => undefined);
    }
  }
}
