import {
  type Block,
  type Content,
  channelRef,
  type Inline,
  inlineText,
  messageRef,
  NetworkName,
  type Post,
  plainContent,
  plainText,
} from "@fanin/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxAnswerLine } from "./answer.ts";
import { mostWritten } from "./measure.ts";
import { parseMarkdown } from "./parse.ts";
import { type DiscordPart, renderPost } from "./render.ts";
import { tidy } from "./tidy.ts";
import { writeMarkdown } from "./write.ts";

const network = NetworkName.parse("discord");
const names = { network, user: () => "Ann", role: () => undefined, channel: () => undefined };
const person = "100000000000000001";

const ref = (message: string) => messageRef(channelRef("discord", "9"), message);
const content = (...children: Block[]): Content => ({ type: "root", children });
const paragraph = (...children: Inline[]): Block => ({ type: "paragraph", children });
const text = (value: string): Inline => ({ type: "text", value });
const write = (said: Content): string => writeMarkdown(tidy(said, network));
const render = (said: Content, further: Partial<Post> = {}): DiscordPart[] =>
  renderPost({ author: { id: "U1", name: "Ann" }, content: said, files: [], ...further }, network);

describe("writes Discord's markdown", () => {
  const url = "https://a.example/x_y";
  const strong = (...children: Inline[]): Inline => ({ type: "strong", children });
  const emphasis = (...children: Inline[]): Inline => ({ type: "emphasis", children });
  const code = (value: string): Inline => ({ type: "inlineCode", value });
  const masked = (label: string, to = url): Inline => ({ type: "link", url: to, children: [text(label)] });
  const mention = (on: string): Inline => ({
    type: "userMention",
    network: NetworkName.parse(on),
    person,
    name: "Ann",
  });
  const cases: readonly [string, Content, string][] = [
    [
      "text with signs, literally",
      plainContent("*a* _b_ ~c~ `d` |e| >f [g](h) <@1> \\"),
      "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\| \\>f \\[g\\](h) \\<@1\\> \\\\",
    ],
    [
      "no heading, list or small print",
      plainContent("# a\n- b\n-# c\n1. d\n#e\n10.5"),
      "\\# a\n\\- b\n\\-# c\n1\\. d\n#e\n10\\.5",
    ],
    ["nobody called together", plainContent("@everyone @here a@b"), "\\@everyone \\@here a@b"],
    ["an address without escapes", plainContent(`see ${url}, or not`), `see ${url}, or not`],
    ["an address that something follows", content(paragraph(masked(url), strong(text("a")))), `<${url}>**a**`],
    ["an address in a sentence's brackets", plainContent(`(see ${url})`), `(see ${url})`],
    ["bold and italics side by side", content(paragraph(strong(text("a")), emphasis(text("b")))), "**a**_b_"],
    ["italics inside a word", content(paragraph(text("a"), emphasis(text("b")), text("c"))), "a*b*c"],
    ["bold italics", content(paragraph(strong(emphasis(text("a"))))), "**_a_**"],
    ["spaces outside marks", content(paragraph(strong(text(" a ")), text("b"))), " **a** b"],
    ["no mark around nothing", content(paragraph(strong(text(" ")), text("b"))), " b"],
    ["no mark that its own text would end", content(paragraph(strong(code("a**b")))), "`a**b`"],
    ["code with backticks", content(paragraph(code("a`b"), text(" "), code("`"))), "``a`b`` `` ` ``"],
    ["a code block with a fence in it", content({ type: "code", value: "```" }), "```\n`\u200B``\n```"],
    ["a masked link", content(paragraph(masked("a [b]"))), `[a \\[b\\]](${url})`],
    [
      "a label that looks like an address",
      content(paragraph(masked("https://b.example"))),
      `https://b.example (${url})`,
    ],
    [
      "a link that Discord has no form for",
      content(paragraph(masked("a", "mailto:a@b.example"))),
      "a (mailto:a@b.example)",
    ],
    [
      "brackets in a link's address",
      content(paragraph(masked("a", "https://a.example/(b)"))),
      "[a](https://a.example/%28b%29)",
    ],
    ["a mention of somebody here", content(paragraph(mention("discord"))), `<@${person}>`],
    ["a mention of somebody elsewhere", content(paragraph(mention("slack"))), "@Ann"],
    ["custom emoji by name", content(paragraph({ type: "customEmoji", name: "party" })), ":party:"],
    [
      "a quote, and a quote in it",
      content({
        type: "blockquote",
        children: [paragraph(text("a")), { type: "blockquote", children: [paragraph(text("b"))] }],
      }),
      "> a\n> \n> b",
    ],
    [
      "code in a quote",
      content({ type: "blockquote", children: [{ type: "code", lang: "js", value: "a\nb" }] }),
      "> ```js\n> a\n> b\n> ```",
    ],
    ["two paragraphs", content(paragraph(text("a")), paragraph(text("b"))), "a\n\nb"],
  ];
  test.each(cases)("%s", (_, said, written) => {
    expect(write(said)).toBe(written);
  });
});

const word = fc.string({
  unit: fc.constantFrom(
    "a",
    "b",
    "Z",
    "0",
    "é",
    "語",
    "😀",
    "*",
    "_",
    "~",
    "`",
    "|",
    ">",
    "<",
    "#",
    "-",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "@",
    ":",
    ".",
    "1",
    "/",
    "&",
  ),
  minLength: 1,
  maxLength: 12,
});
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map(parts => parts.join(" "));
const webAddress = fc.constantFrom("https://a.example", "https://a.example/b_c_d?e=f", "http://b.example/x_(y)");
const leaf: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 4, arbitrary: words.map((value): Inline => ({ type: "text", value })) },
  words.map((value): Inline => ({ type: "inlineCode", value })),
  fc.constant<Inline>({ type: "userMention", network, person, name: "" }),
  webAddress.map((url): Inline => ({ type: "link", url, children: [{ type: "text", value: url }] })),
);
const inline: fc.Arbitrary<Inline> = fc.letrec<{ node: Inline }>(tie => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .record({
        type: fc.constantFrom("strong" as const, "emphasis" as const, "delete" as const),
        children: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
      })
      .map((node): Inline => node),
  ),
})).node;
const line = fc.array(inline, { minLength: 1, maxLength: 4 });
const lines = fc
  .array(line, { minLength: 1, maxLength: 3 })
  .map(all => all.flatMap((nodes, index): Inline[] => [...(index > 0 ? [{ type: "break" } as const] : []), ...nodes]));
const codeBlock: fc.Arbitrary<Block> = fc
  .array(words, { minLength: 1, maxLength: 3 })
  .map(all => ({ type: "code", value: all.join("\n") }));
const simpleBlock: fc.Arbitrary<Block> = fc.oneof(
  lines.map((children): Block => ({ type: "paragraph", children })),
  codeBlock,
);
const anyContent: fc.Arbitrary<Content> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: simpleBlock },
      fc
        .array(simpleBlock, { minLength: 1, maxLength: 2 })
        .map((children): Block => ({ type: "blockquote", children })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(children => ({ type: "root", children }));

const squeezed = (shown: string): string =>
  shown
    .replaceAll(/@(?:Ann)?/g, "@")
    .replaceAll(/\s+/g, " ")
    .trim();

test("what is written reads the same, whatever it is", () => {
  fc.assert(
    fc.property(anyContent, said => {
      const read = parseMarkdown(write(said), names);
      expect(squeezed(plainText(read))).toBe(squeezed(plainText(said)));
    }),
    { numRuns: 1000 },
  );
});

test("code arrives untouched", () => {
  const codes = (blocks: readonly Block[]): string[] =>
    blocks.flatMap(block =>
      block.type === "code" ? [block.value] : block.type === "blockquote" ? codes(block.children) : [],
    );
  fc.assert(
    fc.property(anyContent, said => {
      expect(codes(parseMarkdown(write(said), names).children)).toEqual(codes(said.children));
    }),
  );
  fc.assert(
    fc.property(words, value => {
      const said = content(paragraph({ type: "inlineCode", value }));
      expect(parseMarkdown(write(said), names)).toEqual(said);
    }),
  );
});

test("plain text comes back as plain text", () => {
  fc.assert(
    fc.property(words, value => {
      const [only] = parseMarkdown(write(plainContent(value)), names).children;
      expect(only?.type === "paragraph" && inlineText(only.children)).toBe(value);
      expect(only?.type === "paragraph" && only.children.every(({ type }) => type === "text")).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("parts stay within the limit and lose nothing", () => {
  const long = fc
    .array(anyContent, { minLength: 1, maxLength: 30 })
    .map(all => content(...all.flatMap(one => one.children)));
  fc.assert(
    fc.property(long, said => {
      const parts = render(said);
      for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(2000);
      const read = parts.map(part => plainText(parseMarkdown(part.text, names))).join("\n");
      const bare = (shown: string): string => shown.replaceAll(/@(?:Ann)?/g, "@").replaceAll(/[\s>]+/g, "");
      expect(bare(read)).toBe(bare(plainText(said)));
    }),
    { numRuns: 100 },
  );
});

test("what content takes at most is never exceeded", () => {
  fc.assert(
    fc.property(anyContent, said => {
      const tidied = tidy(said, network);
      expect(writeMarkdown(tidied).length).toBeLessThanOrEqual(mostWritten(tidied));
    }),
    { numRuns: 500 },
  );
});

test("the longest things there are still fit", () => {
  const huge = "https://a.example/".padEnd(5000, "x");
  const said = content(
    paragraph({ type: "link", url: huge, children: [text("label")] }),
    paragraph({ type: "userMention", network: NetworkName.parse("slack"), person, name: "n".repeat(3000) }),
    { type: "code", lang: "l".repeat(3000), value: "`".repeat(5000) },
    paragraph(text("*".repeat(5000))),
  );
  const parts = render(said, { replyTo: { ref: ref("1".repeat(19)), author: "*".repeat(500) } });
  for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(2000 - maxAnswerLine);
});

test("nobody is ever called but who is mentioned", () => {
  const trap = fc.constantFrom("<@2>", "<@&3>", "@everyone", "@here", `<@${person}>`, "`", "\\", "a ");
  fc.assert(
    fc.property(fc.array(trap, { maxLength: 12 }), fc.boolean(), (traps, mentioned) => {
      const mention: Inline = { type: "userMention", network, person, name: "Ann" };
      const parts = render(content(paragraph(text(traps.join("")), ...(mentioned ? [mention] : []))));
      for (const part of parts) {
        expect(part.mentions).toEqual(part.text.includes(`<@${person}>`) && mentioned ? [person] : []);
      }
      const read = parts.flatMap(part => parseMarkdown(part.text, names).children);
      expect(JSON.stringify(read).split("userMention").length - 1).toBe(mentioned ? 1 : 0);
    }),
  );
});

describe("makes parts", () => {
  test("of nothing too", () => {
    expect(render(content()).map(part => part.text)).toEqual(["(an empty message)"]);
  });
  test("with files as lines", () => {
    const files = [{ name: "a_b.png", sizeBytes: 12_345 }, { name: "c" }];
    expect(render(plainContent("see"), { files }).map(part => part.text)).toEqual([
      "see\n\n📎 a\\_b.png (12.3 kB)\n📎 c",
    ]);
  });
  test("with the relay's own name where nobody speaks", () => {
    const [part] = renderPost({ content: plainContent("a"), files: [] }, network);
    expect(part?.name).toBe("fanin");
  });
  test("with what they answer on the first only, and the thread on all", () => {
    const parts = render(plainContent("a ".repeat(1500)), { replyTo: { ref: ref("1/2"), author: "Bo" } });
    expect(parts.map(part => part.answers)).toEqual([{ message: "1/2", author: "Bo" }, undefined]);
    expect(parts.map(part => part.thread)).toEqual(["1", "1"]);
  });
  test("that say where what they answer is missing", () => {
    expect(render(plainContent("a"), { degraded: true })[0]?.answers).toEqual({});
  });
  test("as plain JSON", () => {
    const [part] = render(plainContent("a"), { thread: { ref: ref("1") } });
    expect(JSON.parse(JSON.stringify(part))).toEqual(part);
  });
});
