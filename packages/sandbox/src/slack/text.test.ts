import fc from "fast-check";
import { expect, test } from "vitest";
import { richText } from "./rich-text.ts";
import { shownText } from "./shown-text.ts";
import { storedFromApp, storedFromTyped } from "./stored-text.ts";

const blocksOf = (typed: string) => richText(storedFromTyped(typed), name => name === "party").elements;
const section = (typed: string) => blocksOf(typed)[0]?.elements;
const shown = (text: string) => shownText({ text, blocks: [richText(text, () => false)] }, id => `name of ${id}`);

test("what people type is escaped once, addresses get brackets, emoji their names", () => {
  expect(storedFromTyped("a < b & c > d &amp;")).toBe("a &lt; b &amp; c &gt; d &amp;amp;");
  expect(storedFromTyped("see https://x.org/a_b?c=1&d=2.")).toBe("see <https://x.org/a_b?c=1&amp;d=2>.");
  expect(storedFromTyped("👋 👋🏽 ❤️")).toBe(":wave: :wave::skin-tone-4: :heart:");
  expect(storedFromTyped("`a <b> 👋`")).toBe("`a &lt;b&gt; 👋`");
});

test("what an app sends keeps its entities and references; what is no reference is escaped", () => {
  expect(storedFromApp("a &lt; b & c <nothing>")).toBe("a &lt; b &amp; c &lt;nothing&gt;");
  expect(storedFromApp("<@U123> <#C1|x> <!here> <https://x.org|x>")).toBe("<@U123> <#C1|x> <!here> <https://x.org|x>");
});

test("styles nest and need the edges of words", () => {
  expect(section("*bold _both_* ~gone~ `co*d*e`")).toEqual([
    { type: "text", text: "bold ", style: { bold: true } },
    { type: "text", text: "both", style: { bold: true, italic: true } },
    { type: "text", text: " " },
    { type: "text", text: "gone", style: { strike: true } },
    { type: "text", text: " " },
    { type: "text", text: "co*d*e", style: { code: true } },
  ]);
  expect(section("2*3*4 snake_case_name * a *")).toEqual([{ type: "text", text: "2*3*4 snake_case_name * a *" }]);
});

test("mentions, links and emoji are elements", () => {
  expect(section("<@U1><#C1><!here><https://x.org|x>:wave::party:")).toEqual([
    { type: "user", user_id: "U1" },
    { type: "channel", channel_id: "C1" },
    { type: "broadcast", range: "here" },
    { type: "link", url: "https://x.org", text: "x" },
    { type: "emoji", name: "wave", unicode: "1f44b" },
    { type: "emoji", name: "party" },
  ]);
  expect(section("at 10:30:45 :unheard_of:")).toEqual([{ type: "text", text: "at 10:30:45 :unheard_of:" }]);
});

test("quotes and code blocks stand between sections", () => {
  const parts = blocksOf("before\n>one\n>two\nafter\n```\nif (a < b)\n```\nend");
  expect(parts.map(({ type, elements }) => [type, elements[0]?.["text"]])).toEqual([
    ["rich_text_section", "before\n"],
    ["rich_text_quote", "one\ntwo"],
    ["rich_text_section", "after\n"],
    ["rich_text_preformatted", "if (a < b)"],
    ["rich_text_section", "end"],
  ]);
});

test("people read names and no markup", () => {
  expect(shown("*hi* <@U1> :wave: &lt;b&gt; <https://x.org|the page> `x`")).toBe("hi @name of U1 👋 <b> the page x");
  expect(shown("a\n&gt;quoted\nb\n```code```")).toBe("a\nquoted\nb\ncode");
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "*hello*" } }, { type: "divider" }];
  expect(shownText({ text: "fallback", blocks }, id => id)).toBe("hello");
  expect(shownText({ text: "fallback", blocks: [{ type: "divider" }] }, id => id)).toBe("fallback");
});

test("any text without markup reads as it was typed", () => {
  const unit = fc.constantFrom(..."abÄ 1&<>;:/.,!?()[]\n漢🙂");
  // A quote loses its sign, the line break that ends a text is not shown, and an emoji's name has colons of its own.
  const plain = fc.string({ unit }).filter(text => !/^>|\n$|:\w+🙂/mu.test(text));
  fc.assert(
    fc.property(plain, text => {
      expect(shown(storedFromTyped(text))).toBe(text);
    }),
    { examples: [["<b> & :wave &amp; >"]] },
  );
});

test("no text breaks it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), text => void shown(storedFromApp(text))));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."*_~`<>|@#!:&\n a") }), text => void shown(storedFromTyped(text))),
  );
});
