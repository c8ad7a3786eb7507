import { stripMarks } from "@fanin/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSquare, type Square } from "./square.ts";

let square: Square;
beforeAll(async () => {
  square = await openSquare();
});
afterAll(() => square.close());

let people = 0;

const cases: [name: string, shown: string, onDiscord?: string][] = [
  ["Ann Lee", "Ann Lee"],
  ["Ann\nLee\t", "Ann Lee"],
  ["\u200B\u3164", "@n2:gitter.test"],
  ["👩‍👩‍👧 Ann", "👩‍👩‍👧 Ann"],
  ["🇩🇪 Bo", "🇩🇪 Bo"],
  ["👍🏽", "👍🏽"],
  ["❤️ Eve", "❤️ Eve"],
  ["مريم", "مريم"],
  ["\u202Eevil", "evil"],
  ["*bold* _it_ `c` ||s||", "*bold* _it_ `c` ||s||"],
  ["@everyone", "@everyone"],
  ["<!channel> & <b>", "<!channel> & <b>"],
  ["Discord mod", "Discord mod", "Disc\u043Erd mod"],
  ["Clyde", "Clyde", "Clyd\u0435"],
  ["x".repeat(64), "x".repeat(64)],
];

test.each(cases)("%j is shown as %j", async (name, shown, onDiscord = shown) => {
  const { gitter, channels } = square.sandbox;
  const id = `@n${people++}:gitter.test`;
  gitter.homeserver.register(id, { displayname: name });
  square.mark();
  await gitter.place(gitter.homeserver.room(channels.gitter).id, [{ id, name }]).say(id, "hello");
  await square.shows({ slack: ["hello"], discord: ["hello"], hub: ["hello"], irc: [`${shown}: hello`] });
  const [onSlack] = await square.payloads("slack", 1);
  expect(onSlack?.["username"]).toBe(shown);
  const [inGuild] = await square.payloads("discord", 1);
  expect(inGuild?.["author"]).toEqual({ username: onDiscord });
  expect(square.sandbox.irc.channel.lines.map(({ text }) => stripMarks(text)).at(-1)).toBe(`${shown}: hello`);
});
