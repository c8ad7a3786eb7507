import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSquare, type PlaceName, type Shown, type Square } from "./square.ts";

let square: Square;
beforeAll(async () => {
  square = await openSquare();
});
afterAll(() => square.close());

/** The same words on all five, said by `name`. */
const plain = (from: PlaceName, name: string, text: string): Shown => ({
  slack: [text],
  discord: [text],
  gitter: [text],
  hub: [text],
  irc: [from === "irc" ? text : `${name}: ${text}`],
});

describe("what reads the same everywhere", () => {
  const cases: [from: PlaceName, typed: string, read?: string][] = [
    ["gitter", "2*3*4 _x_ __y__ ~~ ~a~ `b` \\ back\\slash ¯\\_(ツ)_/¯"],
    ["gitter", "||no spoiler|| [no](link) # no > no - no 1. no"],
    ["irc", "1. one"],
    ["irc", "- dash"],
    ["irc", "# heading #channel"],
    ["irc", ">>> quote"],
    ["irc", "-# small"],
    ["irc", "<b>html</b> &amp; <script>alert(1)</script> & a < b"],
    ["irc", ":smile: :+1: :no_such:"],
    ["gitter", "👩‍👩‍👧 👋🏽 🇩🇪 ❤️ 5️⃣"],
    ["gitter", "مرحبا بالعالم e\u0301 Z\u0351\u036b\u0343"],
    ["irc", "https://en.wikipedia.org/wiki/A_(b) (https://x.org/a?b=1&c=2_d_#e) https://x.org."],
    ["slack", "👋🏽 :tada: :no_such:", "👋🏽 🎉 :no_such:"],
    ["slack", "*bold* _it_ ~st~ `co*de` *_both_*", "bold it st co*de both"],
    ["discord", "**bold** *it* _it_ ~~st~~ `co*de` ***both*** __under__", "bold it it st co*de both under"],
    ["discord", "\\*not\\* ¯\\\\\\_(ツ)_/¯ <:wave:12345678901234567>", "*not* ¯\\_(ツ)_/¯ :wave:"],
    ["gitter", "<b>bold</b> <i>it</i> <del>st</del> <code>co*de</code> <b><i>both</i></b>", "bold it st co*de both"],
  ];
  test.each(cases)("%s: %j", async (from, typed, read = typed) => {
    await square.say(from, typed);
    const { [from]: _, ...others } = plain(from, square.person(from).name, read);
    await square.shows(others);
  });

  test("two identical messages are two", async () => {
    await square.say("discord", "again");
    await square.place("discord").say(square.person("discord").id, "again");
    await square.shows({ slack: ["again", "again"], gitter: ["again", "again"], irc: ["Cleo: again", "Cleo: again"] });
  });
});

describe("what has no words", () => {
  const cases: [name: string, from: PlaceName, content: object, read: string][] = [
    ["a picture", "gitter", { msgtype: "m.image", body: "a.png", info: { size: 12_345 } }, "📎 a.png (12.3 kB)"],
    ["a sticker", "gitter", { type: "m.sticker", body: "thumbs up" }, "📎 thumbs up"],
    ["characters that nobody sees", "gitter", { msgtype: "m.text", body: "\u200B" }, "(an empty message)"],
    ["an action", "gitter", { msgtype: "m.emote", body: "waves" }, "* Ivo waves"],
    ["empty lines around", "gitter", { msgtype: "m.text", body: "\n\nwords\n\n" }, "words"],
  ];
  test.each(cases)("%s from %s", async (_name, from, { ...content }, read) => {
    square.mark();
    const { homeserver } = square.sandbox.gitter;
    const type = "type" in content ? String(content.type) : "m.room.message";
    const room = homeserver.room(square.sandbox.channels.gitter);
    homeserver.send(square.person(from).id, room, type, { ...content });
    const { [from]: _, ...others } = plain(from, square.person(from).name, read);
    await square.shows(others);
  });

  test("an action on IRC", async () => {
    await square.say("irc", "/me waves");
    await square.shows({ slack: ["* gwen waves"], discord: ["* gwen waves"], gitter: ["* gwen waves"] });
  });
});

describe("lines and blocks", () => {
  const lines: [from: PlaceName, typed: string, shown: Shown, payload: Record<string, string>][] = [
    [
      "slack",
      "a\nb\n\nc",
      { discord: ["a\nb\n\nc"], irc: ["Ada: a", "b", "c"] },
      { gitter: "<p><strong data-mx-profile-fallback>Ada: </strong> a<br>b</p>\n<p>c</p>", discord: "a\nb\n\nc" },
    ],
    [
      "discord",
      "> one\n> two\nafter",
      { slack: ["one\ntwo\nafter"], irc: ["Cleo: > one", "> two", "after"] },
      {
        gitter:
          "<strong data-mx-profile-fallback>Cleo: </strong> <blockquote><p>one<br>two</p></blockquote>\n<p>after</p>",
      },
    ],
    [
      "gitter",
      "<blockquote><p>a</p><blockquote>b</blockquote></blockquote>",
      { slack: ["a\n\n> b"], irc: ["Ivo: > a", "> > b"] },
      { discord: "> a\n> \n> b" },
    ],
    [
      "gitter",
      '<pre><code class="language-yaml">a: 1\n\n  b: ``` `\n</code></pre>',
      { slack: ["a: 1\n\n  b: ``` `"], irc: ["Ivo: a: 1", "  b: ``` `"] },
      {
        discord: "```yaml\na: 1\n\n  b: `\u200B`` `\n```",
        hub: '<strong data-mx-profile-fallback>Ivo: </strong> <pre><code class="language-yaml">a: 1\n\n  b: ``` `\n</code></pre>',
      },
    ],
    [
      "gitter",
      "<ol start=3><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
      { slack: ["3. a\n\u2003• b\n4. c"], irc: ["Ivo: 3. a", "\u2003• b", "4. c"] },
      { discord: "3\\. a\n\u2003• b\n4\\. c" },
    ],
    [
      "slack",
      "see <https://x.org/a_(b)?x=1&y=2|the docs>",
      { discord: ["see the docs"], irc: ["Ada: see the docs (https://x.org/a_(b)?x=1&y=2)"] },
      {
        discord: "see [the docs](https://x.org/a_%28b%29?x=1&y=2)",
        gitter:
          '<strong data-mx-profile-fallback>Ada: </strong> see <a href="https://x.org/a_(b)?x=1&amp;y=2">the docs</a>',
      },
    ],
  ];
  test.each(lines)("%s: %j", async (from, typed, shown, payload) => {
    await square.say(from, typed);
    await square.shows(shown);
    for (const name of ["discord", "gitter", "hub"] as const) {
      if (payload[name] === undefined) continue;
      await square.arrived(name);
      const [{ content, formatted_body } = {}] = await square.payloads(name, 1);
      expect(formatted_body ?? content, name).toBe(payload[name]);
    }
  });
});
