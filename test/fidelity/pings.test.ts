import { afterAll, beforeAll, expect, test } from "vitest";
import { openSquare, type PlaceName, placeNames, type Square } from "./square.ts";

let square: Square;
beforeAll(async () => {
  square = await openSquare();
});
afterAll(() => square.close());

/** Everything that calls somebody somewhere, with people who exist. */
function callsOf({ sandbox, person }: Square): string {
  const slack = person("slack").id;
  const discord = person("discord").id;
  return [
    "@here @channel @everyone @room <!here> <!channel> <!everyone|x> <!subteam^S1>",
    `<@${slack}> <@${slack}|x> <#${sandbox.channels.slack}>`,
    `<@${discord}> <@!${discord}> <@&${sandbox.discord.guildId}> <#${sandbox.channels.discord}>`,
    `@ivo:gitter.test https://matrix.to/#/@ivo:gitter.test gwen: Ivo`,
  ].join(" ");
}

const quiet: Partial<Record<PlaceName, (payload: Record<string, unknown>) => void>> = {
  slack: ({ blocks, text }) => {
    expect(JSON.stringify(blocks)).not.toMatch(/"type":"(user|usergroup|broadcast|channel)"/);
    expect(text).not.toMatch(/<[@!#]/);
  },
  discord: ({ mention_everyone, mentions }) => {
    expect(mention_everyone).toBe(false);
    expect(mentions).toEqual([]);
  },
  gitter: content => {
    expect(content["m.mentions"]).toEqual({});
    expect(String(content["formatted_body"])).not.toContain('href="https://matrix.to/#/%40');
  },
  hub: content => expect(content["m.mentions"]).toEqual({}),
};

test.each(placeNames)("nobody elsewhere is called from %s, by whatever is typed there", async from => {
  await square.say(from, callsOf(square));
  for (const name of placeNames) {
    // On the hub, IRC's people are the bridge's own.
    if (name === from || (name === "hub" && from === "irc")) continue;
    await square.arrived(name);
    const [payload = {}] = await square.payloads(name, 1);
    quiet[name]?.(payload);
  }
});

test("naming somebody who is relayed calls them by name", async () => {
  await square.say("discord", "here I am");
  await square.arrived("gitter");
  await square.say("gitter", "<p><b>Cleo</b>, @Cleo</p>");
  await square.shows({ discord: ["Cleo, @Cleo"], slack: ["Cleo, @Cleo"], irc: ["Ivo: Cleo, @Cleo"] });
});

test.each<[from: PlaceName, typed: (id: string) => string, read: string]>([
  ["slack", id => `hi <@${id}>`, "hi @Ada"],
  ["discord", id => `hi <@${id}>`, "hi @Cleo"],
  ["gitter", id => `<p>hi <a href="https://matrix.to/#/${id}">Ivo</a></p>`, "hi @Ivo"],
])("who is named on %s is named everywhere", async (from, typed, read) => {
  const { id, name } = square.person(from);
  await square.say(from, typed(id));
  const others = placeNames.filter(place => place !== from && place !== "irc");
  await square.shows({
    ...Object.fromEntries(others.map(place => [place, [read]])),
    irc: [`${name}: ${read}`],
  });
});
