import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import type { NetworkState } from "@fanin/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepConnected, type RawEnvelope } from "./socket.ts";

/** What the stand-in never does: a Slack that refuses on reconnect, and one that sends what its SDK can't take. */
let server: Server;
let socket: Duplex | undefined;
let answer: object | undefined;
let stop: AbortController;
let states: NetworkState[];
let envelopes: RawEnvelope[];
let gaps: number;
let missed: number;

beforeEach(async () => {
  [states, envelopes, gaps, missed, answer, socket] = [[], [], 0, 0, undefined, undefined];
  stop = new AbortController();
  server = createServer((_request, response) => {
    response.end(JSON.stringify(answer ?? { ok: true, url: `ws://127.0.0.1:${portOf(server)}/` }));
  });
  server.on("upgrade", (request, stream) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    stream.write(`${head.join("\r\n")}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    stream.on("error", () => {});
    socket = stream;
    tell({ type: "hello" });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  stop.abort();
  socket?.destroy();
  server.closeAllConnections();
  await once(server.close(), "close");
});

function portOf(listening: Server): number {
  const bound = listening.address();
  return typeof bound === "object" && bound ? bound.port : 0;
}

/** One unmasked text frame: RFC 6455, section 5.2. */
function tell(message: object): void {
  const text = Buffer.from(JSON.stringify(message));
  const length = text.length < 126 ? [text.length] : [126, text.length >> 8, text.length & 0xff];
  socket?.write(Buffer.concat([Buffer.from([0x81, ...length]), text]));
}

function connect(): Promise<{ readonly ended: Promise<void> }> {
  return keepConnected(
    {
      appToken: "xapp-test",
      apiUrl: `http://127.0.0.1:${portOf(server)}/api/`,
      signal: stop.signal,
      onEnvelope: envelope => envelopes.push(envelope),
      onGap: () => {
        gaps += 1;
      },
    },
    {
      accept: async () => {},
      lost: () => {},
      missed: () => {
        missed += 1;
      },
      report: state => states.push(state),
    },
  );
}

test("fails for good where the app is refused on reconnect", async () => {
  const { ended } = await connect();
  answer = { ok: false, error: "account_inactive" };
  socket?.destroy();
  await ended;
  expect(states.map(({ state }) => state)).toEqual(["connecting", "connected", "connecting", "failed"]);
  expect(states.at(-1)?.error).toMatchObject({ code: "unauthorized", finding: { id: "wrong-token" } });
  expect(missed).toBe(0);
});

test("goes on trying where Slack says what nobody knows", async () => {
  const { ended } = await connect();
  answer = { ok: false, error: "some_new_word" };
  socket?.destroy();
  await expect.poll(() => states.at(-1)?.state).toBe("connecting");
  answer = undefined;
  await expect.poll(() => missed, { timeout: 10_000 }).toBe(1);
  stop.abort();
  await ended;
});

test("takes an envelope without an event for a gap, and the next one as ever", async () => {
  await connect();
  tell({ type: "events_api", envelope_id: "1", payload: { type: "app_rate_limited", minute_rate_limited: 1 } });
  tell({ type: "events_api", envelope_id: "2", payload: { type: "event_callback", event: { type: "message" } } });
  await expect
    .poll(() => envelopes.map(({ body }) => body))
    .toEqual([{ type: "event_callback", event: { type: "message" } }]);
  expect(gaps).toBe(1);
});

test("ends with its signal, also while nobody answers its farewell", async () => {
  const { ended } = await connect();
  stop.abort();
  await ended;
  expect(states.at(-1)).toEqual({ state: "connected" });
});
