import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person, Place } from "../place.ts";
import { createDiscordStandIn, type DiscordStandIn } from "./index.ts";

let discord: DiscordStandIn;
let channel: string;
let ada: Person;
let place: Place;

beforeEach(async () => {
  discord = await createDiscordStandIn();
  channel = discord.addChannel("general");
  ada = discord.addUser("ada", { displayName: "Ada L.", nick: "Ada" });
  place = discord.place(channel, [ada]);
});

afterEach(() => discord.close());

/** What people read where this was written. */
async function shown(text: string): Promise<string | undefined> {
  await place.say(ada.id, text);
  return place.said().at(-1)?.text;
}

test("people speak, answer, edit and delete, and who watches is called", async () => {
  let changes = 0;
  const stop = place.watch(() => {
    changes += 1;
  });
  const first = await place.say(ada.id, "helo");
  const second = await place.say(ada.id, "yes", { replyTo: first });
  await place.edit(ada.id, first, "hello");
  expect(place.said()).toMatchObject([
    { id: first, author: "Ada", relayed: false, text: "hello", edited: true },
    { id: second, text: "yes", edited: false, replyTo: first },
  ]);
  await place.remove(ada.id, first);
  expect(place.said().map(({ id }) => id)).toEqual([second]);
  expect(changes).toBe(4);
  stop();
  await place.say(ada.id, "unwatched");
  expect(changes).toBe(4);
});

test("nobody changes what another said", async () => {
  const bo = discord.addUser("bo");
  const id = await place.say(ada.id, "mine");
  await expect(place.edit(bo.id, id, "yours")).rejects.toThrow();
  await expect(place.remove(bo.id, id)).rejects.toThrow();
});

test("an avatar is a picture", async () => {
  await place.say(ada.id, "hi");
  const answer = await fetch(place.said()[0]?.avatarUrl ?? "");
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
  expect((await fetch(`${discord.cdnUrl}/avatars/${ada.id}/0123456789abcdef.png`)).status).toBe(404);
});

test("a port that is taken is refused", async () => {
  const port = Number(new URL(discord.apiUrl).port);
  await expect(createDiscordStandIn({ port })).rejects.toThrow(/EADDRINUSE/);
});

test.for([
  ["**bold** and *italic* and _italic_", "bold and italic and italic"],
  ["***both*** *a **b** c* **a *b* c**", "both a b c a b c"],
  ["__under__ ~~struck~~ ||spoiler||", "under struck spoiler"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["https://example.org/a_b_c _x_", "https://example.org/a_b_c x"],
  ["`**code**` and ```ts\nlet _a_;\n```", "**code** and let _a_;"],
  ["> quoted\n-# small\n## head", "quoted\nsmall\nhead"],
  ["[text](https://example.org) <https://example.org>", "text https://example.org"],
  ["\\*stars\\* \\_\\_", "*stars* __"],
  ["hi <:wave:123456789012345678>", "hi :wave:"],
  ["two\nlines", "two\nlines"],
])("%j reads %j", async ([written = "", read]) => {
  expect(await shown(written)).toBe(read);
});

test("mentions read by name", async () => {
  expect(await shown(`<@${ada.id}> in <#${channel}>`)).toBe("@Ada in #general");
  expect(await shown("<@1> @everyone")).toBe("<@1> @everyone");
});
