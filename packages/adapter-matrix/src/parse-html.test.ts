import { type Block, type Content, type Inline, NetworkName, plainText } from "@fanin/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHtml } from "./html.ts";
import { createHtmlParser } from "./parse-html.ts";

const parse = createHtmlParser("hub");
const hub = NetworkName.parse("hub");

const text = (value: string): Inline => ({ type: "text", value });
const paragraph = (...children: Inline[]): Block => ({ type: "paragraph", children });

describe("HTML of a message", () => {
  const cases: [html: string, blocks: Block[]][] = [
    ["plain &amp; simple", [paragraph(text("plain & simple"))]],
    [
      "<b>a</b><i>b</i><s>c</s><del>d</del>",
      [
        paragraph(
          { type: "strong", children: [text("a")] },
          { type: "emphasis", children: [text("b")] },
          { type: "delete", children: [text("c")] },
          { type: "delete", children: [text("d")] },
        ),
      ],
    ],
    ["one<br>two<br/>", [paragraph(text("one"), { type: "break" }, text("two"))]],
    ["<p>one</p>\n<p>two</p>\n", [paragraph(text("one")), paragraph(text("two"))]],
    ["  so   much \n space  ", [paragraph(text("so much space"))]],
    ["<em>a </em> b", [paragraph({ type: "emphasis", children: [text("a ")] }, text("b"))]],
    ["<code>a  b</code>", [paragraph({ type: "inlineCode", value: "a  b" })]],
    [
      '<pre><code class="language-rust">fn  main() {\n  1 &lt; 2\n}\n</code></pre>',
      [{ type: "code", lang: "rust", value: "fn  main() {\n  1 < 2\n}" }],
    ],
    ["<pre>bare</pre>", [{ type: "code", value: "bare" }]],
    [
      "<blockquote><p>said</p></blockquote>answer",
      [{ type: "blockquote", children: [paragraph(text("said"))] }, paragraph(text("answer"))],
    ],
    [
      '<a href="https://example.org/?a=1&amp;b=2">here</a>',
      [paragraph({ type: "link", url: "https://example.org/?a=1&b=2", children: [text("here")] })],
    ],
    ['<a href="javascript:alert(1)">here</a>', [paragraph(text("here"))]],
    [
      '<a href="https://matrix.to/#/@bob:hub.test">@Bob</a>: hi',
      [paragraph({ type: "userMention", network: hub, person: "@bob:hub.test", name: "Bob" }, text(": hi"))],
    ],
    [
      '<a href="https://matrix.to/#/%40bob%3Ahub.test?via=x">Bob</a>',
      [paragraph({ type: "userMention", network: hub, person: "@bob:hub.test", name: "Bob" })],
    ],
    [
      '<a href="matrix:u/bob:hub.test?action=chat">Bob</a>',
      [paragraph({ type: "userMention", network: hub, person: "@bob:hub.test", name: "Bob" })],
    ],
    [
      '<a href="https://matrix.to/#/!room/$event">there</a>',
      [paragraph({ type: "link", url: "https://matrix.to/#/!room/$event", children: [text("there")] })],
    ],
    [
      '<img data-mx-emoticon alt=":blob:" src="mxc://x/y"> <img alt="a cat" src="mxc://x/z">',
      [paragraph({ type: "customEmoji", name: "blob" }, text(" a cat"))],
    ],
    ["<mx-reply><blockquote>old</blockquote></mx-reply>new", [paragraph(text("new"))]],
    ["<script>evil()</script><style>x{}</style>fine", [paragraph(text("fine"))]],
    ["<strong data-mx-profile-fallback>Carol: </strong>hi", [paragraph(text("hi"))]],
    [
      "<p><strong data-mx-profile-fallback>Carol: </strong>hi</p><p>you</p>",
      [paragraph(text("hi")), paragraph(text("you"))],
    ],
    ["<h1>Title</h1>text", [paragraph({ type: "strong", children: [text("Title")] }), paragraph(text("text"))]],
    ["<ul><li>a</li><li>b</li></ul>", [paragraph(text("• a"), { type: "break" }, text("• b"))]],
    [
      '<ol start="3"><li>a\n<ul>\n<li>b</li>\n</ul>\n</li><li>c</li></ol>',
      [paragraph(text("3. a"), { type: "break" }, text("\u2003• b"), { type: "break" }, text("4. c"))],
    ],
    ['<span data-mx-spoiler="why">a</span> <span data-mx-spoiler>b</span>', [paragraph(text("||a|| ||b||"))]],
    ["<table><tr><th>a</th>\n<th>b</th></tr></table>", [paragraph(text("a b"))]],
    [
      "<b>a <i>b <b>c</b></i></b>",
      [paragraph({ type: "strong", children: [text("a "), { type: "emphasis", children: [text("b c")] }] })],
    ],
    ['<ol start="3"><li>a</li><li><p>b</p></li></ol>', [paragraph(text("3. a"), { type: "break" }, text("4. b"))]],
    ['<font color="red"><p>loud</p></font>', [paragraph(text("loud"))]],
    ["Bob&ZeroWidthSpace;: hi", [paragraph(text("Bob\u200b: hi"))]],
  ];

  test.each(cases)("%s", (html, children) => {
    expect(merged(parse(html))).toEqual({ type: "root", children });
  });

  test.each(["", "   ", "<p></p>", "<mx-reply>old</mx-reply>"])("%j says nothing, so that the body counts", html => {
    expect(parse(html)).toBeUndefined();
  });

  test("elements in elements without end are given up, so that the body counts", () => {
    expect(() => parse("<div>".repeat(12_000))).not.toThrow();
    expect(() => parse("<em><u>".repeat(5_000))).not.toThrow();
  });
});

// Words without the space that HTML collapses; contents of them are read as they were written.
const word = fc.stringMatching(/^[a-zA-Z0-9<>&"'*_`~|#.;:äλ🙂-]{1,12}$/u);
const code = fc.string({
  unit: fc.constantFrom("a", " ", "  ", "<", ">", "&", "*", "_", "\n", "\t", "`", "é", "</code>"),
  minLength: 1,
});

const { inlines, block } = fc.letrec<{ inline: Inline; inlines: Inline[]; block: Block }>(tie => ({
  inline: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    word.map(text),
    code.map((value): Inline => ({ type: "inlineCode", value })),
    fc
      .record({ person: fc.constant("@bob:hub.test"), name: word.filter(name => !name.startsWith("@")) })
      .map((who): Inline => ({ type: "userMention", network: hub, ...who })),
    fc
      .tuple(fc.constantFrom("strong", "emphasis", "delete"), tie("inlines"))
      .map(([type, children]): Inline => ({ type, children })),
    tie("inlines")
      .filter(
        children => !JSON.stringify(children).includes('"link"') && !JSON.stringify(children).includes("userMention"),
      )
      .map((children): Inline => ({ type: "link", url: "https://example.org/a?b=c&d", children })),
  ),
  inlines: fc
    .array(tie("inline"), { minLength: 1, maxLength: 4 })
    .map(nodes => nodes.flatMap((node, at) => (at % 3 === 2 ? [{ type: "break" as const }, node] : [node]))),
  block: fc.oneof(
    { maxDepth: 2 },
    tie("inlines").map((children): Block => ({ type: "paragraph", children })),
    fc
      .record({ lang: fc.option(fc.constantFrom("rust", "c++"), { nil: undefined }), value: code })
      .map(({ lang, value }): Block => ({ type: "code", ...(lang ? { lang } : {}), value })),
    fc.array(tie("block"), { minLength: 1, maxLength: 2 }).map((children): Block => ({ type: "blockquote", children })),
  ),
}));
const content = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((children): Content => ({ type: "root", children }));

test.each(["<b>", "<i><b>", "<a href='https://x.org'>", "<blockquote>", "<ul><li>"])(
  "%s over and over makes no message deeper than a person would",
  tags => {
    const said = parse(`${tags.repeat(500)}word`);
    expect(depthOf(said)).toBeLessThan(20);
    expect(said && plainText(said)).toContain("word");
  },
);

function depthOf(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  return 1 + Math.max(0, ...("children" in node && Array.isArray(node.children) ? node.children.map(depthOf) : []));
}

describe("properties", () => {
  test("what is written is read again", () => {
    fc.assert(
      fc.property(content, said => {
        expect(merged(parse(toHtml(said, "hub")))).toEqual(merged(unnested(said)));
      }),
    );
  });

  test("a name before it changes nothing", () => {
    const name = "<strong data-mx-profile-fallback>Carol: </strong>";
    fc.assert(
      fc.property(content, said => {
        expect(merged(parse(toHtml(said, "hub", name)))).toEqual(merged(unnested(said)));
      }),
    );
  });

  test("code is untouched", () => {
    fc.assert(
      fc.property(code, inlines, (value, around) => {
        const said: Content = {
          type: "root",
          children: [paragraph(...around, { type: "inlineCode", value }), { type: "code", value }],
        };
        const [first, second] = parse(toHtml(said, "hub"))?.children ?? [];
        expect(first?.type === "paragraph" && first.children.at(-1)).toEqual({ type: "inlineCode", value });
        expect(second).toEqual({ type: "code", value });
      }),
    );
  });

  test("nothing makes it throw", () => {
    const tags = fc.constantFrom(
      "<p>",
      "</p>",
      "<b>",
      "</em>",
      "<a href=",
      "<pre>",
      "<li>",
      "<table>",
      "<td>",
      "&#0;",
      "<!--",
      "x",
      " ",
      "<mx-reply>",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(tags).map(all => all.join("")),
        ),
        html => {
          const said = parse(html);
          if (said) plainText(said);
        },
      ),
    );
  });
});

/** Marks and links within their own kind say nothing more. */
function unnested(said: Content): Content {
  const inline = (node: Inline, within: readonly string[]): Inline[] => {
    if (!("children" in node)) return [node];
    const children = node.children.flatMap(child => inline(child, [...within, node.type]));
    return within.includes(node.type) ? children : [{ ...node, children }];
  };
  const block = (node: Block): Block => {
    if (node.type === "code") return node;
    if (node.type === "blockquote") return { ...node, children: node.children.map(block) };
    return { ...node, children: node.children.flatMap(child => inline(child, [])) };
  };
  return { ...said, children: said.children.map(block) };
}

/** Neighbouring texts as one: nobody can tell the difference. */
function merged(said: Content | undefined): unknown {
  return JSON.parse(JSON.stringify(said), (_, value: unknown) =>
    Array.isArray(value) ? value.reduce(join, []) : value,
  );
}

function join(nodes: unknown[], node: unknown): unknown[] {
  const last = nodes.at(-1);
  if (!isText(last) || !isText(node)) return [...nodes, node];
  return [...nodes.slice(0, -1), { type: "text", value: last.value + node.value }];
}

function isText(node: unknown): node is { type: "text"; value: string } {
  return typeof node === "object" && node !== null && "type" in node && node.type === "text";
}
