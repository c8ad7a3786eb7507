import { once } from "node:events";
import { createServer } from "node:net";
import { createMatrixAdapter, type MatrixPart } from "@fanin/adapter-matrix";
import {
  type Adapter,
  type ChannelRef,
  type Finding,
  type Inbox,
  Key,
  type NetworkState,
  type Post,
  plainContent,
  plainText,
  type RelayEvent,
} from "@fanin/core";
import { createMatrixStandIn, type MatrixStandIn } from "@fanin/sandbox";
import { vi } from "vitest";

export const registration = {
  id: "fanin",
  url: "http://127.0.0.1:1",
  as_token: "as-secret",
  hs_token: "hs-secret",
  sender_localpart: "fanin",
  rate_limited: false,
  namespaces: { users: [{ exclusive: true, regex: "@_fanin_.*" }] },
};

/** An inbox that keeps what it is told, and fails as told. */
export class Recorder implements Inbox {
  readonly events: RelayEvent[] = [];
  readonly missedIn: (string | undefined)[] = [];
  readonly losses: { channel: string; finding: Finding }[] = [];
  readonly states: NetworkState[] = [];
  /** So many acceptances fail. */
  failures = 0;

  async accept(event: RelayEvent): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("the disk is full");
    }
    this.events.push(event);
  }

  missed(channel?: ChannelRef): void {
    this.missedIn.push(channel?.channel);
  }

  lost(channel: ChannelRef, finding: Finding): void {
    this.losses.push({ channel: channel.channel, finding });
  }

  report(state: NetworkState): void {
    this.states.push(state);
  }

  /** What was said, in the order it was taken in, without markup. */
  texts(): string[] {
    return this.events.flatMap(event => (event.type === "created" ? [plainText(event.message.content)] : []));
  }
}

export type Mode = "application service" | "plain account";

export interface Bench {
  readonly mode: Mode;
  readonly homeserver: MatrixStandIn;
  readonly adapter: Adapter<MatrixPart>;
  /** The account that the adapter speaks as. */
  readonly self: string;
  /** Of the plain account. */
  readonly accessToken: string;
  /** The port that the homeserver pushes to. */
  readonly port: number;
  readonly inbox: Recorder;
  /** A public room with Ann and Bob in it. */
  readonly room: string;
  readonly channel: ChannelRef;
  readonly people: ReturnType<MatrixStandIn["place"]>;
  /** Aborts when the bench stops. */
  readonly signal: AbortSignal;
  connect(): Promise<void>;
  /** What the room's creator does. */
  set(type: string, content: Readonly<Record<string, unknown>>, stateKey?: string): void;
  /** Another adapter with the same account, for after a restart. */
  again(): Adapter<MatrixPart>;
  stop(): Promise<void>;
}

/** A homeserver, a room with people and an adapter that is in it, not connected yet. */
export async function createBench(mode: Mode, { pushBackoffMs = 20 } = {}): Promise<Bench> {
  const homeserver = await createMatrixStandIn({
    serverName: "hub.test",
    rateScale: Number.POSITIVE_INFINITY,
    pushBackoffMs,
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const make = (): Adapter<MatrixPart> =>
    mode === "plain account"
      ? createMatrixAdapter({ network: "hub", homeserver: homeserver.url, accessToken: token })
      : createMatrixAdapter({
          network: "hub",
          homeserver: homeserver.url,
          registration: { ...registration, url },
          listen: `127.0.0.1:${port}`,
        });
  const token = mode === "plain account" ? homeserver.addUser("fanin").accessToken : "";
  if (mode === "application service") homeserver.addAppService({ ...registration, url });
  const adapter = make();
  const room = homeserver.addRoom({ name: "lounge", aliasLocalpart: "lounge" });
  const people = homeserver.place(room, [
    { id: "@ann:hub.test", name: "Ann" },
    { id: "@bob:hub.test", name: "Bob" },
  ]);
  const channel = await adapter.resolve("#lounge:hub.test");
  await adapter.prepare(channel);
  const inbox = new Recorder();
  const stopping = new AbortController();
  const adapters = [adapter];
  return {
    mode,
    homeserver,
    adapter,
    self: "@fanin:hub.test",
    accessToken: token,
    port,
    inbox,
    room,
    channel,
    people,
    signal: stopping.signal,
    connect: () => adapter.connect(inbox, stopping.signal),
    set: (type, content, stateKey = "") => {
      const { homeserver: server } = homeserver;
      server.append(server.room(room), "@admin:hub.test", type, content, { stateKey });
    },
    again: () => {
      const another = make();
      adapters.push(another);
      return another;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(adapters.map(one => one.close()));
      await homeserver.close();
    },
  };
}

let keys = 0;

export function newKey(): Key {
  keys += 1;
  return Key.parse(keys.toString(16).padStart(16, "0"));
}

export function postOf(text: string, more: Partial<Post> = {}): Post {
  return { author: { id: "U1", name: "Carol" }, content: plainContent(text), files: [], ...more };
}

export function onlyPart(parts: readonly MatrixPart[]): MatrixPart {
  const [part, more] = parts;
  if (!part || more) throw new Error(`one part was expected, not ${parts.length}`);
  return part;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Waits for a condition; the timeout only ends a test that would hang. */
export async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
}
