import { afterEach, expect, it } from "vitest";
import { createListeningAppService } from "./app-service.fixture.ts";
import { ask } from "./client.fixture.ts";
import { createMatrixStandIn, type MatrixStandIn } from "./stand-in.ts";

const standIns: MatrixStandIn[] = [];

async function standInWith(rateScale: number) {
  const standIn = await createMatrixStandIn({ serverName: "hs", rateScale });
  standIns.push(standIn);
  return standIn;
}

afterEach(async () => {
  await Promise.all(standIns.splice(0).map(standIn => standIn.close()));
});

async function sendsUntilLimited(standIn: MatrixStandIn, token: string, most: number) {
  const roomId = standIn.addRoom();
  await ask(standIn.url, token, `POST /join/${roomId}`, {});
  for (let n = 0; n < most; n += 1) {
    const answer = await ask(standIn.url, token, `PUT /rooms/${roomId}/send/m.room.message/${n}`, { body: "x" });
    if (answer.status !== 200) return { sent: n, ...answer };
  }
  return { sent: most, status: 200, json: {}, retryAfter: null };
}

it("holds a plain account to ten messages and then one in five seconds", async () => {
  const standIn = await standInWith(1);
  const limited = await sendsUntilLimited(standIn, standIn.addUser("Ann").accessToken, 12);
  expect(limited).toMatchObject({ sent: 10, status: 429, json: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(Number(limited.json["retry_after_ms"])).toBeGreaterThan(4000);
  expect(limited.retryAfter).toBe("5");
});

it("scales", async () => {
  const standIn = await standInWith(3);
  expect((await sendsUntilLimited(standIn, standIn.addUser("Ann").accessToken, 32)).sent).toBe(30);
});

it("exempts the application service's own account", async () => {
  const standIn = await standInWith(1);
  const appService = await createListeningAppService();
  standIn.addAppService(appService.registration);
  expect((await sendsUntilLimited(standIn, "as-secret", 20)).sent).toBe(20);
  await appService.close();
});

it("fails calls as planned, before or after they took effect", async () => {
  const standIn = await standInWith(Number.POSITIVE_INFINITY);
  const { id, accessToken } = standIn.addUser("Ann");
  const roomId = standIn.addRoom();
  const place = standIn.place(roomId, [{ id, name: "Ann" }]);
  const send = (n: number) =>
    ask(standIn.url, accessToken, `PUT /rooms/${roomId}/send/m.room.message/${n}`, {
      msgtype: "m.text",
      body: `m${n}`,
    });
  standIn.faults.add({ calls: /^PUT .*\/send\//, times: 1, answer: 429, when: "before", retryAfterMs: 1500 });
  expect(await send(1)).toMatchObject({ status: 429, json: { retry_after_ms: 1500 } });
  standIn.faults.add({ calls: /\/send\//, times: 1, answer: "reset", when: "after" });
  await expect(send(2)).rejects.toThrow();
  expect(place.said().map(({ text }) => text)).toEqual(["m2"]);
  await send(2);
  standIn.faults.down = true;
  await expect(send(3)).rejects.toThrow();
  standIn.faults.clear();
  await send(3);
  expect(place.said().map(({ text }) => text)).toEqual(["m2", "m3"]);
});
