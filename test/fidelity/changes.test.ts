import { stripMarks } from "@fanin/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../real/wait-until.ts";
import { openSquare, type PlaceName, type Square } from "./square.ts";

let square: Square;
beforeAll(async () => {
  square = await openSquare();
});
afterAll(() => square.close());

const others = ["slack", "discord", "hub"] as const;
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(" ");
const textOn = (name: PlaceName) => square.fresh(name).map(({ text }) => stripMarks(text));
const joined = (name: PlaceName) =>
  textOn(name)
    .join(" ")
    .replace(/^Ivo: /, "");

/** Resolves once these places show the words, in however many parts. */
async function untilRead(text: string, squeeze = (all: string) => all): Promise<void> {
  for (const name of others) {
    await waitUntil(
      () => `${name} reads it, instead of ${textOn(name).length} parts: ${joined(name).slice(0, 200)}`,
      () => squeeze(joined(name)) === squeeze(text),
    );
  }
}

describe("very long texts are whole in the end", () => {
  const unspaced = (all: string) => all.replaceAll(/\s/g, "");
  test.each([
    ["5,000 characters", words(1000)],
    ["20,000 characters", words(3600)],
    ["one giant word", "x".repeat(20_000)],
    ["emoji", "👩‍👩‍👧".repeat(700)],
    ["signs that are escaped", "*_`~|<>\\".repeat(500)],
  ])("%s", async (_name, text) => {
    const id = await square.say("gitter", text);
    await untilRead(text, unspaced);
    for (const name of ["slack", "discord"] as const)
      for (const part of textOn(name)) expect(part.length).toBeLessThanOrEqual(name === "slack" ? 4000 : 2000);
    await square.place("gitter").remove(square.person("gitter").id, id);
    await untilRead("");
  });

  test("a giant code block is code in each part", async () => {
    const code = Array.from({ length: 400 }, (_, line) => `  key${line}: value`).join("\n");
    await square.say("gitter", `<pre><code class="language-yaml">${code}\n</code></pre>`);
    await waitUntil("it is whole", () => textOn("discord").join("\n") === code);
    const parts = await square.payloads("discord", textOn("discord").length);
    expect(parts.length).toBeGreaterThan(2);
    for (const { content } of parts) expect(content).toMatch(/^```yaml\n {2}key[\s\S]*value\n```$/);
    await waitUntil("it is whole on Slack", () => textOn("slack").join("\n") === code);
    for (const { blocks } of await square.payloads("slack", textOn("slack").length))
      expect(blocks).toMatchObject([{ elements: [{ type: "rich_text_preformatted" }] }]);
  });
});

test("an edit follows through fewer and more parts, to nothing and to the delete", async () => {
  const { id: ivo } = square.person("gitter");
  const place = square.place("gitter");
  const id = await square.say("gitter", words(900));
  await untilRead(words(900));
  for (const text of ["short", words(1500), words(600), `${words(600)} more`]) {
    await place.edit(ivo, id, text);
    await untilRead(text);
  }
  await place.edit(ivo, id, "");
  await untilRead("(an empty message)");
  await place.remove(ivo, id);
  await untilRead("");
});

test("what is edited or deleted at once is so everywhere", async () => {
  square.mark();
  const { id } = square.person("slack");
  const place = square.place("slack");
  const edited = await place.say(id, "first words");
  await place.edit(id, edited, "second words");
  const gone = await place.say(id, "gone");
  await place.edit(id, gone, "edited and gone");
  await place.remove(id, gone);
  const never = await square.place("discord").say(square.person("discord").id, "gone as well");
  await square.place("discord").remove(square.person("discord").id, never);
  await place.say(id, "last words");
  await square.shows({
    discord: ["second words", "last words"],
    gitter: ["second words", "last words"],
    hub: ["second words", "last words"],
  });
});

describe("answers", () => {
  const copyOf = (name: PlaceName, text: string): string => {
    const found = square
      .place(name)
      .said()
      .findLast(said => stripMarks(said.text).endsWith(text));
    if (!found) throw new Error(`nobody said ${text} on ${name}`);
    return found.id;
  };
  const answerOn = (name: PlaceName) => square.fresh(name).at(-1)?.replyTo;

  test("through Slack's thread, Discord's line and Matrix, and back", async () => {
    await square.say("discord", "a question");
    await square.shows({ slack: ["a question"], gitter: ["a question"], hub: ["a question"] });
    const root = copyOf("slack", "a question");

    await square.say("slack", "from Slack", { replyTo: root });
    await square.shows({ discord: ["↪ Cleo\nfrom Slack"], gitter: ["from Slack"], hub: ["from Slack"] });
    expect(answerOn("gitter")).toBe(copyOf("gitter", "a question"));

    await square.say("gitter", "from Gitter", { replyTo: copyOf("gitter", "from Slack") });
    await square.shows({ discord: ["↪ Ada\nfrom Gitter"], slack: ["from Gitter"], hub: ["from Gitter"] });
    expect(answerOn("slack")).toBe(root);
    expect(answerOn("hub")).toBe(copyOf("hub", "from Slack"));

    await square.say("discord", "from Discord", { replyTo: copyOf("discord", "from Gitter") });
    await square.shows({ slack: ["from Discord"], gitter: ["from Discord"], hub: ["from Discord"] });
    expect(answerOn("slack")).toBe(root);
    expect(answerOn("gitter")).toBe(copyOf("gitter", "from Gitter"));

    const { id: ada } = square.person("slack");
    await square.place("slack").edit(ada, copyOf("slack", "from Slack"), "from Slack, edited");
    await waitUntil("the edit keeps its line", () =>
      square
        .place("discord")
        .said()
        .some(({ text }) => text === "↪ Cleo\nfrom Slack, edited"),
    );
  });

  test("a Discord thread is the same thread elsewhere", async () => {
    const { discord, channels } = square.sandbox;
    const { id: cleo } = square.person("discord");
    const root = await square.say("discord", "a topic");
    await square.shows({ slack: ["a topic"], gitter: ["a topic"], hub: ["a topic"] });
    const thread = discord.place(
      discord.addThread(channels.discord, root, { name: "topic", by: square.person("discord") }),
      square.place("discord").people,
    );
    square.mark();
    await thread.say(cleo, "inside");
    await square.shows({ slack: ["inside"], gitter: ["inside"], hub: ["inside"] });
    expect(answerOn("slack")).toBe(copyOf("slack", "a topic"));

    await square.say("slack", "inside too", { replyTo: copyOf("slack", "a topic") });
    await waitUntil("it is in the thread", () => thread.said().some(({ text }) => text === "inside too"));
  });

  test("to what was said before the link says so", async () => {
    const { gitter, channels } = square.sandbox;
    const { homeserver } = gitter;
    const before = homeserver.room(channels.gitter).timeline.find(({ event }) => event.type === "m.room.create");
    await square.say("gitter", "late answer", { replyTo: before?.event.event_id ?? "" });
    const hint = "↪ in reply to a message that is not here";
    await square.shows({
      slack: [`${hint}\n\nlate answer`],
      discord: [`${hint}\nlate answer`],
      hub: [`${hint}\nlate answer`],
      irc: [`Ivo: ${hint}`, "late answer"],
    });
  });
});
