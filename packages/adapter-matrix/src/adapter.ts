import {
  type Adapter,
  type Capabilities,
  type ChannelRef,
  type Copy,
  type Cursor,
  channelOf,
  type Finding,
  type Inbox,
  type Key,
  type Lost,
  type MessageRef,
  messageRef,
  NetworkName,
  type Post,
  RelayError,
  type RelayEvent,
} from "@fanin/core";
import { z } from "zod";
import { type Account, createPlainAccount, createSender } from "./account.ts";
import { accountCapabilities, appserviceCapabilities } from "./capabilities.ts";
import { Entrance } from "./entrance.ts";
import { understood } from "./errors.ts";
import { newMessage, replacement } from "./event-content.ts";
import { findEvent } from "./find-event.ts";
import { History } from "./history.ts";
import { Live } from "./live.ts";
import { Outage } from "./outage.ts";
import { receivePushes } from "./push.ts";
import { Reader } from "./reader.ts";
import type { Registration } from "./registration.ts";
import { type MatrixPart, render } from "./render.ts";
import { checkRoom } from "./room-check.ts";
import { roomPath } from "./room-path.ts";
import { followSync } from "./sync.ts";

interface CommonOptions {
  /** The network's name in the configuration. */
  readonly network: string;
  /** Base URL of the homeserver's client-server API. */
  readonly homeserver: string;
}

/** As an application service: the homeserver pushes to `listen` (`host:port`). */
export interface AppserviceOptions extends CommonOptions {
  readonly registration: Registration;
  readonly listen: string;
}

/** As an ordinary account over /sync. */
export interface AccountOptions extends CommonOptions {
  readonly accessToken: string;
}

export type MatrixOptions = AppserviceOptions | AccountOptions;

/**
 * Matrix, as an application service or as an ordinary account. In either way one account speaks for everybody, each
 * message with a profile of its own (MSC4144) and the name before its body. No I/O before the first call.
 */
export function createMatrixAdapter(options: MatrixOptions): Adapter<MatrixPart> {
  return new MatrixAdapter(options);
}

const Sent = z.object({ event_id: z.string().min(1) });

class MatrixAdapter implements Adapter<MatrixPart> {
  readonly capabilities: Capabilities;
  readonly #options: MatrixOptions;
  readonly #outage = new Outage();
  readonly #account: Account;
  readonly #entrance: Entrance;
  readonly #reader: Reader;
  readonly #history: History;
  readonly #closing = new AbortController();
  #done: Promise<void> | undefined;

  constructor(options: MatrixOptions) {
    this.#options = options;
    const isPushed = "registration" in options;
    this.capabilities = isPushed ? appserviceCapabilities : accountCapabilities;
    this.#account = isPushed
      ? this.#outage.watched(createSender(options.homeserver, options.registration))
      : createPlainAccount(options.homeserver, options.accessToken);
    this.#entrance = new Entrance(this.#account, options.network);
    this.#reader = new Reader(this.#account, NetworkName.parse(options.network));
    this.#history = new History(this.#account, this.#reader);
  }

  check(channel?: ChannelRef): Promise<Finding[]> {
    return channel ? checkRoom(this.#account, channel) : this.#entrance.check();
  }

  resolve(name: string): Promise<ChannelRef> {
    return this.#entrance.resolve(name);
  }

  async prepare(channel: ChannelRef): Promise<string[]> {
    await this.#account.prepare();
    await this.#entrance.enter(channel);
    return [await this.#account.self()];
  }

  async connect(inbox: Inbox, signal: AbortSignal): Promise<void> {
    const options = this.#options;
    const live = new Live(this.#account, this.#reader, inbox);
    const common = { account: this.#account, live, inbox, signal: AbortSignal.any([signal, this.#closing.signal]) };
    const { done } = await ("registration" in options
      ? receivePushes({
          ...common,
          outage: this.#outage,
          registration: options.registration,
          listen: options.listen,
        })
      : followSync({ ...common, reader: this.#reader }));
    this.#done = done;
  }

  head(channel: ChannelRef): Promise<Cursor> {
    return this.#history.head(channel);
  }

  history(channel: ChannelRef, after: Cursor): AsyncIterable<RelayEvent | Lost> {
    return this.#history.after(channel, after);
  }

  render(post: Post): MatrixPart[] {
    return render(post, this.#options.network);
  }

  async send(channel: ChannelRef, part: MatrixPart, key: Key): Promise<Copy> {
    const id = await this.#put(channel, `send/m.room.message/${key}`, newMessage(part, key));
    return { ref: messageRef(channel, id), handle: await this.#account.self() };
  }

  recall(
    channel: ChannelRef,
    _part: MatrixPart,
    key: Key,
    after: MessageRef | undefined,
  ): Promise<Copy | "absent" | "unknown"> {
    return this.#history.find(channel, key, after);
  }

  async edit(copy: Copy, part: MatrixPart, key: Key): Promise<Copy> {
    const { channel, message } = copy.ref;
    // Homeservers take an edit of what is gone, and IRC would print it.
    const original = await findEvent(this.#account.call, channel, message);
    if (!original || original.unsigned?.redacted_because !== undefined) {
      throw new RelayError("not-found", "The copy is gone", { retry: "never" });
    }
    await this.#put(channelOf(copy.ref), `send/m.room.message/${key}`, replacement(part, key, message));
    return copy;
  }

  async remove(copy: Copy, key: Key): Promise<void> {
    try {
      await this.#put(channelOf(copy.ref), `redact/${encodeURIComponent(copy.ref.message)}/${key}`, {});
    } catch (error) {
      if (!(error instanceof RelayError) || error.code !== "not-found") throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
    await this.#account.close();
  }

  /** The key as transaction id makes a repeated call the same event. */
  async #put(channel: ChannelRef, what: string, body: object): Promise<string> {
    return understood(Sent, await this.#account.call("PUT", roomPath(channel.channel, what), { body })).event_id;
  }
}
