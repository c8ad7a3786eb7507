import { type Content, NetworkName, plainText } from "@fanin/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Names, parseMarkdown } from "./parse.ts";

const names: Names = {
  network: NetworkName.parse("discord"),
  user: id => (id === "100000000000000001" ? "Ann" : undefined),
  role: id => (id === "200000000000000001" ? "Maintainers" : undefined),
  channel: id => (id === "300000000000000001" ? "general" : undefined),
};

const parse = (text: string): Content => parseMarkdown(text, names);
const text = (value: string) => ({ type: "text", value });
const paragraph = (...children: object[]) => ({ type: "paragraph", children });

describe("reads Discord's markdown", () => {
  const cases: readonly [string, string, object[]][] = [
    ["plain text", "hello", [paragraph(text("hello"))]],
    ["a line feed as a break", "a\nb", [paragraph(text("a"), { type: "break" }, text("b"))]],
    ["an empty line as a new paragraph", "a\n\nb", [paragraph(text("a")), paragraph(text("b"))]],
    ["bold", "**a**", [paragraph({ type: "strong", children: [text("a")] })]],
    ["italics with a star", "*a*", [paragraph({ type: "emphasis", children: [text("a")] })]],
    ["italics with an underscore", "_a_", [paragraph({ type: "emphasis", children: [text("a")] })]],
    ["an underscore inside a word as itself", "snake_case_name", [paragraph(text("snake_case_name"))]],
    ["strike", "~~a~~", [paragraph({ type: "delete", children: [text("a")] })]],
    ["underline as plain text", "__a__", [paragraph(text("a"))]],
    [
      "bold in italics",
      "***a***",
      [paragraph({ type: "strong", children: [{ type: "emphasis", children: [text("a")] }] })],
    ],
    ["escapes", "\\*a\\* \\_b\\_", [paragraph(text("*a* _b_"))]],
    ["a backslash before a letter", "C:\\new", [paragraph(text("C:\\new"))]],
    ["the shrug", "¯\\\\_(ツ)\\_/¯", [paragraph(text("¯\\_(ツ)_/¯"))]],
    ["inline code as it stands", "`**a** <@1>`", [paragraph({ type: "inlineCode", value: "**a** <@1>" })]],
    ["inline code with a backtick", "`` a`b ``", [paragraph({ type: "inlineCode", value: " a`b " })]],
    ["a code block", "```js\nlet a;\n```", [{ type: "code", lang: "js", value: "let a;" }]],
    ["a code block on one line", "```a```", [{ type: "code", value: "a" }]],
    [
      "a code block amid text",
      "see\n```\n**a**\n```\nthere",
      [paragraph(text("see")), { type: "code", value: "**a**" }, paragraph(text("there"))],
    ],
    [
      "a quote",
      "> a\n> b\nc",
      [{ type: "blockquote", children: [paragraph(text("a"), { type: "break" }, text("b"))] }, paragraph(text("c"))],
    ],
    [
      "a quote to the end",
      ">>> a\nb",
      [{ type: "blockquote", children: [paragraph(text("a"), { type: "break" }, text("b"))] }],
    ],
    ["a sign that is no quote", "a > b", [paragraph(text("a > b"))]],
    ["code in a quote", "> ```\n> a\n> ```", [{ type: "blockquote", children: [{ type: "code", value: "a" }] }]],
    [
      "a web address",
      "see https://a.example/x_y_z.",
      [paragraph(text("see "), link("https://a.example/x_y_z"), text("."))],
    ],
    [
      "brackets in an address",
      "(https://a.example/b_(c))",
      [paragraph(text("("), link("https://a.example/b_(c)"), text(")"))],
    ],
    ["an address without preview", "<https://a.example>", [paragraph(link("https://a.example"))]],
    [
      "a masked link",
      "[a **b**](https://a.example)",
      [
        paragraph({
          type: "link",
          url: "https://a.example",
          children: [text("a "), { type: "strong", children: [text("b")] }],
        }),
      ],
    ],
    ["no link to a script", "[a](javascript:b)", [paragraph(text("[a](javascript:b)"))]],
    [
      "a mention",
      "hi <@!100000000000000001>",
      [
        paragraph(text("hi "), {
          type: "userMention",
          network: "discord",
          person: "100000000000000001",
          name: "Ann",
        }),
      ],
    ],
    ["a role's mention as its name", "<@&200000000000000001>", [paragraph(text("@Maintainers"))]],
    ["a channel's mention as its name", "<#300000000000000001>", [paragraph(text("#general"))]],
    ["what it can't name", "<#1> <@&1>", [paragraph(text("#channel @role"))]],
    ["custom emoji", "<a:party:1>", [paragraph({ type: "customEmoji", name: "party" })]],
    ["a time", "<t:0:R>", [paragraph(text("1970-01-01 00:00 UTC"))]],
    ["a time beyond the calendar", "<t:999999999999:R>", [paragraph(text("999999999999"))]],
    ["a command", "</remind me:1>", [paragraph(text("/remind me"))]],
    ["headings and lists as typed", "# a\n- b", [paragraph(text("# a"), { type: "break" }, text("- b"))]],
    ["spoilers as typed", "||a||", [paragraph(text("||a||"))]],
    ["unpaired signs", "2 * 3 ** 4 ~~ `", [paragraph(text("2 * 3 ** 4 ~~ `"))]],
    ["nothing", "", []],
  ];
  test.each(cases)("%s", (_, source, children) => {
    expect(parse(source)).toEqual({ type: "root", children });
  });
});

function link(url: string): object {
  return { type: "link", url, children: [{ type: "text", value: url }] };
}

test("never throws, and makes valid content", () => {
  const sign = fc.constantFrom(
    "*",
    "_",
    "`",
    "```",
    "~~",
    "||",
    ">",
    "> ",
    "<",
    "@",
    "[",
    "](",
    ")",
    "\\",
    "\n",
    "http://",
    "a",
    " ",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(sign, { maxLength: 60 }).map(signs => signs.join("")),
      ),
      source => {
        expect(() => plainText(parse(source))).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
});

test("reads a message of nothing but signs in no time worth speaking of", () => {
  for (const sign of ["*", "_", "**_", "~~", "[", "`", "<", "> ", "http://a*"]) parse(sign.repeat(4000 / sign.length));
});
