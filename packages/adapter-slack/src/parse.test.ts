import { type Content, NetworkName, plainText } from "@fanin/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMrkdwn } from "./mrkdwn.ts";
import { parseMessage } from "./parse.ts";
import { SlackMessage } from "./payload.ts";

const slack = NetworkName.parse("slack");
const names: Readonly<Record<string, string>> = { U1: "Ann", C1: "general", S1: "admins" };
const nameOf = (id: string): string | undefined => names[id];

const text = (value: string) => ({ type: "text", value });
const paragraph = (...children: unknown[]) => ({ type: "paragraph", children });
const mention = { type: "userMention", network: "slack", person: "U1", name: "Ann" };
const lineBreak = { type: "break" };

const mrkdwn: [source: string, ...blocks: unknown[]][] = [
  ["plain", paragraph(text("plain"))],
  ["a &lt;b&gt; &amp;amp;", paragraph(text("a <b> &amp;"))],
  ["one\ntwo", paragraph(text("one"), lineBreak, text("two"))],
  ["one\n\n\ntwo", paragraph(text("one")), paragraph(text("two"))],
  ["*b* _i_ ~s~", paragraph(strong(text("b")), text(" "), emphasis(text("i")), text(" "), struck(text("s")))],
  ["*_both_*", paragraph(strong(emphasis(text("both"))))],
  ["2*3*4 snake_case_name", paragraph(text("2*3*4 snake_case_name"))],
  ["* not bold *", paragraph(text("* not bold *"))],
  ["`*code* <@U1>`", paragraph({ type: "inlineCode", value: "*code* <@U1>" })],
  ["```a\n  *b*\n```", { type: "code", value: "a\n  *b*" }],
  ["so:\n```x```\nend", paragraph(text("so:")), { type: "code", value: "x" }, paragraph(text("end"))],
  [
    "&gt; one\n&gt; two\nthree",
    { type: "blockquote", children: [paragraph(text("one"), lineBreak, text("two"))] },
    paragraph(text("three")),
  ],
  ["<@U1> <@U2|bob>", paragraph(mention, text(" "), { ...mention, person: "U2", name: "bob" })],
  ["<#C1> <#C9|old> <!here> <!subteam^S1>", paragraph(text("#general #old @here @admins"))],
  ["<!date^1392734382^{date}|Feb 18>", paragraph(text("Feb 18"))],
  ["<https://x.org/?a=1&amp;b>", paragraph(link("https://x.org/?a=1&b", "https://x.org/?a=1&b"))],
  ["*see <https://x.org/a*b|this>*", paragraph(strong(text("see "), link("https://x.org/a*b", "this")))],
  [":wave::skin-tone-3: :no-such-emoji:", paragraph(text("👋🏼 :no-such-emoji:"))],
];

test.each(mrkdwn)("reads mrkdwn %j", (source, ...blocks) => {
  expect(merged(parseMrkdwn(source, slack, nameOf))).toEqual({ type: "root", children: blocks });
});

const rich: [name: string, elements: unknown[], ...blocks: unknown[]][] = [
  [
    "styles that nest",
    [section(t("a", "bold"), t("b", "bold", "italic"), t("c"))],
    paragraph(strong(text("a"), emphasis(text("b"))), text("c")),
  ],
  [
    "line breaks and empty lines",
    [section(t("a\nb\n\nc\n"))],
    paragraph(text("a"), lineBreak, text("b")),
    paragraph(text("c")),
  ],
  ["markup as the text it is", [section(t("*a* <@U1> &lt;"))], paragraph(text("*a* <@U1> &lt;"))],
  ["code", [section(t("x = *y*", "code"))], paragraph({ type: "inlineCode", value: "x = *y*" })],
  [
    "mentions",
    [
      section(
        { type: "user", user_id: "U1" },
        t(" "),
        { type: "channel", channel_id: "C1" },
        { type: "usergroup", usergroup_id: "S1" },
        { type: "broadcast", range: "here" },
      ),
    ],
    paragraph(mention, text(" #general@admins@here")),
  ],
  [
    "emoji",
    [section({ type: "emoji", name: "wave", unicode: "1f44b-1f3fc" }, { type: "emoji", name: "party-parrot" })],
    paragraph(text("👋🏼"), { type: "customEmoji", name: "party-parrot" }),
  ],
  [
    "links",
    [section({ type: "link", url: "https://x.org", text: "x" }, { type: "link", url: "https://y.org" })],
    paragraph(link("https://x.org", "x"), link("https://y.org", "https://y.org")),
  ],
  [
    "quotes and code blocks",
    [
      section(t("so:\n")),
      { type: "rich_text_quote", elements: [t("q")] },
      { type: "rich_text_preformatted", border: 0, elements: [t("a\n b"), { type: "link", url: "https://x.org" }] },
    ],
    paragraph(text("so:")),
    { type: "blockquote", children: [paragraph(text("q"))] },
    { type: "code", value: "a\n bhttps://x.org" },
  ],
  [
    "lists as lines",
    [
      { type: "rich_text_list", style: "ordered", indent: 0, offset: 2, elements: [section(t("a")), section(t("b"))] },
      { type: "rich_text_list", style: "bullet", indent: 1, elements: [section(t("c"))] },
    ],
    paragraph(text("3. a"), lineBreak, text("4. b")),
    paragraph(text("  • c")),
  ],
  [
    "what is new to it by its text",
    [section({ type: "hologram", text: "h" }, { type: "color", value: "#fff" })],
    paragraph(text("h#fff")),
  ],
];

test.each(rich)("reads rich text: %s", (_name, elements, ...blocks) => {
  const message = SlackMessage.parse({ ts: "1.0", text: "other", blocks: [{ type: "rich_text", elements }] });
  expect(merged(parseMessage(message, slack, nameOf))).toEqual({ type: "root", children: blocks });
});

test("reads the text where blocks are not all rich text, and attachments where there is no text", () => {
  const read = (fields: object): string =>
    plainText(parseMessage(SlackMessage.parse({ ts: "1.0", ...fields }), slack, nameOf));
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "in a section" } }];
  expect(read({ text: "by text", blocks })).toBe("by text");
  const attachments = [
    { pretext: "before", title: "#1", title_link: "https://x.org/1", text: "*said*", fallback: "f" },
    { title: "untold" },
    { fallback: "only this" },
  ];
  expect(read({ text: "", attachments })).toBe("before\n#1 (https://x.org/1)\nsaid\nuntold\nonly this");
  expect(read({})).toBe("");
});

test("never throws, whatever the text", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("*", "_", "~", "`", "```", "<", ">", "|", "&lt;", "\n", ":", "<@U1>", " "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => void parseMrkdwn(pieces.join(""), slack, nameOf)),
  );
});

test("never touches code", () => {
  const code = fc.string({ minLength: 1 }).filter(value => !/[`\n&<>]/.test(value) && value.trim() !== "");
  fc.assert(
    fc.property(code, value => {
      const { children } = parseMrkdwn(`\`${value}\``, slack, nameOf);
      expect(children).toEqual([paragraph({ type: "inlineCode", value })]);
    }),
  );
});

function strong(...children: unknown[]) {
  return { type: "strong", children };
}
function emphasis(...children: unknown[]) {
  return { type: "emphasis", children };
}
function struck(...children: unknown[]) {
  return { type: "delete", children };
}
function link(url: string, label: string) {
  return { type: "link", url, children: [text(label)] };
}
function section(...elements: unknown[]) {
  return { type: "rich_text_section", elements };
}
function t(value: string, ...styles: string[]) {
  return {
    type: "text",
    text: value,
    ...(styles.length > 0 && { style: Object.fromEntries(styles.map(each => [each, true])) }),
  };
}

/** Neighbouring texts joined: how often a text is cut says nothing. */
function merged(content: Content): unknown {
  return JSON.parse(JSON.stringify(content, (_key, value) => (Array.isArray(value) ? joinTexts(value) : value)));
}
function joinTexts(nodes: { type?: string; value?: string }[]): unknown[] {
  const joined: { type?: string; value?: string }[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (last?.type === "text" && node.type === "text") joined.splice(-1, 1, text(`${last.value}${node.value}`));
    else joined.push(node);
  }
  return joined;
}
