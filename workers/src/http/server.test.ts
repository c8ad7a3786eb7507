import { expect, test } from "vitest";
import { notYet } from "./readiness.ts";
import { serveHealth } from "./server.ts";

const ready = { ready: true, unready: [], paused: [] };

test("is healthy while it runs, and ready when everything is", async () => {
  let state = notYet("store", "closed");
  const server = await serveHealth("127.0.0.1:0", async () => state);
  const base = `http://127.0.0.1:${server.port}`;
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const unready = await fetch(`${base}/readyz`);
  expect([unready.status, await unready.json()]).toEqual([503, notYet("store", "closed")]);
  state = ready;
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect((await fetch(`${base}/else`)).status).toBe(404);
  await server.close();
  await expect(fetch(`${base}/healthz`)).rejects.toThrow();
});

test("says of an address that it can't have why", async () => {
  const first = await serveHealth("127.0.0.1:0", async () => ready);
  await expect(serveHealth(`127.0.0.1:${first.port}`, async () => ready)).rejects.toMatchObject({
    code: "bad-config",
    message: `http.listen: 127.0.0.1:${first.port} is in use by another program (is fanin running already?); choose another address.`,
  });
  await expect(serveHealth("192.0.2.1:0", async () => ready)).rejects.toMatchObject({
    message: "http.listen: 192.0.2.1:0 is not an address of this machine; choose another address.",
  });
  await first.close();
});
