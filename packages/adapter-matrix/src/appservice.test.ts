import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Endpoint, openEndpoint } from "./appservice.ts";

const registration = {
  id: "fanin",
  url: "http://127.0.0.1:1",
  as_token: "as-secret",
  hs_token: "hs-secret",
  sender_localpart: "fanin",
  namespaces: {},
};
const auth = { authorization: "Bearer hs-secret" };

let endpoint: Endpoint;
let url: string;
let taken: unknown[];
let take: (events: readonly unknown[]) => Promise<void>;

beforeEach(async () => {
  taken = [];
  take = async events => {
    taken.push(...events);
  };
  endpoint = await openEndpoint({
    registration,
    listen: "127.0.0.1:0",
    take: events => take(events),
    isOwn: user => user === "@fanin:hub.test",
  });
  url = `http://127.0.0.1:${endpoint.port}/_matrix/app/v1`;
});
afterEach(() => endpoint.close());

const push = (body: string, headers: Record<string, string> = auth) =>
  fetch(`${url}/transactions/1`, { method: "PUT", body, headers });

test("a transaction is answered once its events are kept", async () => {
  let kept = () => {};
  take = events =>
    new Promise(resolve => {
      taken.push(...events);
      kept = resolve;
    });
  let answered = false;
  const answer = push('{"events":[{"a":1},7]}').then(response => {
    answered = true;
    return response;
  });
  await expect.poll(() => taken).toEqual([{ a: 1 }, 7]);
  expect(answered).toBe(false);
  kept();
  expect((await answer).status).toBe(200);
  expect(await (await answer).json()).toEqual({});
});

test("events that could not be kept are asked for again", async () => {
  take = () => Promise.reject(new Error("the disk is full"));
  const response = await push('{"events":[{}]}');
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ errcode: "M_UNKNOWN" });
});

test("a transaction without readable events does not stand in the way of the next", async () => {
  expect((await push("{}")).status).toBe(200);
  expect((await push('{"events":"none"}')).status).toBe(200);
  expect((await push("[]")).status).toBe(200);
  expect(taken).toEqual([]);
});

test.each<[number, Record<string, string>]>([
  [401, {}],
  [403, { authorization: "Bearer wrong" }],
  [403, { authorization: "Bearer as-secret" }],
])("who is not the homeserver is answered with %i and takes no effect", async (status, headers) => {
  expect((await push('{"events":[{}]}', headers)).status).toBe(status);
  expect(taken).toEqual([]);
});

test.each([
  ["POST", "/ping", 200],
  ["GET", "/users/%40fanin%3Ahub.test", 200],
  ["GET", "/users/%40other%3Ahub.test", 404],
  ["GET", "/users/%", 404],
  ["GET", "/rooms/%23any%3Ahub.test", 404],
  ["GET", "/transactions/1", 405],
  ["GET", "/thirdparty/user", 404],
])("%s %s is answered with %i", async (method, path, status) => {
  const response = await fetch(url + path, { method, headers: auth });
  expect(response.status).toBe(status);
  await expect(response.json()).resolves.toBeTypeOf("object");
});

test("an address in use is said so, with what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const listen = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await expect(openEndpoint({ registration, listen, take: async () => {}, isOwn: () => false })).rejects.toMatchObject({
    code: "bad-config",
    retry: "never",
    message: `fanin cannot listen on ${listen} for the homeserver. Another process has this port.`,
    finding: { id: "cannot-listen" },
  });
  other.close();
  await expect(
    openEndpoint({ registration, listen: "9009", take: async () => {}, isOwn: () => false }),
  ).rejects.toMatchObject({
    code: "bad-config",
    message: expect.stringContaining("host:port"),
  });
});
