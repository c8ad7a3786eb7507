import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createDiscordStandIn, type DiscordStandIn } from "./index.ts";

let discord: DiscordStandIn;

beforeEach(async () => {
  discord = await createDiscordStandIn();
});

afterEach(() => discord.close());

function dial(version = "10") {
  return new WebSocket(`${discord.apiUrl.replace("http", "ws").replace("/api", "")}/?v=${version}&encoding=json`);
}

/** The code with which the gateway closes on this frame. */
async function closedBy(frame: unknown, version?: string): Promise<number> {
  const socket = dial(version);
  socket.once("message", () => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)));
  const [code] = await once(socket, "close");
  return code;
}

test("the gateway closes with the documented code", async () => {
  const { token } = discord;
  expect(await closedBy({ op: 2, d: { token: "wrong", intents: 1 } })).toBe(4004);
  expect(await closedBy({ op: 2, d: { token, intents: 1 << 30 } })).toBe(4013);
  expect(await closedBy({ op: 2, d: { token, intents: 1 << 8 } })).toBe(4014);
  expect(await closedBy({ op: 6, d: { token: "wrong", session_id: "x", seq: 1 } })).toBe(4004);
  expect(await closedBy({ op: 3, d: null })).toBe(4003);
  expect(await closedBy({ op: 99, d: null })).toBe(4001);
  expect(await closedBy("no json")).toBe(4002);
  expect(await closedBy({}, "9")).toBe(4012);
});

test("a session that is not known cannot be resumed: op 9, false", async () => {
  const socket = dial();
  const frames: unknown[] = [];
  socket.on("message", data => frames.push(JSON.parse(String(data))));
  await once(socket, "message");
  socket.send(JSON.stringify({ op: 6, d: { token: discord.token, session_id: "gone", seq: 5 } }));
  await once(socket, "message");
  socket.send(JSON.stringify({ op: 1, d: null }));
  await once(socket, "message");
  expect(frames).toMatchObject([{ op: 10, d: { heartbeat_interval: 41250 } }, { op: 9, d: false }, { op: 11 }]);
  socket.terminate();
});

test("while the service is down no socket is taken", async () => {
  discord.faults.down = true;
  await expect(once(dial(), "open")).rejects.toThrow();
});
