import {
  type Block,
  type Content,
  channelRef,
  type Inline,
  messageRef,
  NetworkName,
  type Post,
  plainContent,
} from "@fanin/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { longestBlocks, longestText } from "./capabilities.ts";
import { parseMessage } from "./parse.ts";
import { SlackMessage } from "./payload.ts";
import { editedBody, postedBody, renderPost, type SlackPart } from "./render.ts";

const slack = NetworkName.parse("slack");
const hub = NetworkName.parse("hub");
const author = { id: "@bob:example.org", name: "Bob (irc)", avatarUrl: "https://x.example/b.png" };

function rendered(post: Partial<Post>): SlackPart[] {
  return renderPost(slack, { content: { type: "root", children: [] }, files: [], ...post });
}
function only(post: Partial<Post>): SlackPart {
  const [part, ...more] = rendered(post);
  expect(more).toEqual([]);
  if (!part) throw new Error("no part at all");
  return part;
}
const paragraph = (...children: Inline[]): Content => ({ type: "root", children: [{ type: "paragraph", children }] });
const target = (message: string, handle?: string) => ({
  ref: messageRef(channelRef("slack", "C1"), message),
  ...(handle !== undefined && { handle }),
});

test("says who speaks beside the text, and in the text once it is edited", () => {
  const part = only({ author, content: plainContent("hi & bye") });
  expect(part).toMatchObject({ username: "Bob (irc)", iconUrl: author.avatarUrl, text: "hi &amp; bye" });
  expect(editedBody(part)).toEqual({
    text: "Bob (irc): hi &amp; bye",
    blocks: [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: "Bob (irc)", style: { bold: true } },
              { type: "text", text: ": " },
              { type: "text", text: "hi & bye" },
            ],
          },
        ],
      },
    ],
  });
});

test("speaks as the app where nobody is the author", () => {
  const part = only({ content: plainContent("a notice") });
  expect(part).not.toHaveProperty("username");
  expect(editedBody(part)).toEqual(postedBody(part));
});

test("mentions people of its own network alone", () => {
  const mention = (network: NetworkName): Inline => ({ type: "userMention", network, person: "U1", name: "Ann" });
  const [section] = only({ content: paragraph(mention(slack), mention(hub)) }).elements;
  expect(section?.elements).toEqual([
    { type: "user", user_id: "U1" },
    { type: "text", text: "@Ann" },
  ]);
});

test("lets no text mention anybody", () => {
  const part = only({ content: plainContent("<!channel> <@U1> @here") });
  expect(part.text).toBe("&lt;!channel&gt; &lt;@U1&gt; @here");
  expect(part.elements).toEqual([
    { type: "rich_text_section", elements: [{ type: "text", text: "<!channel> <@U1> @here" }] },
  ]);
});

test("makes links of addresses, and only of those that Slack takes", () => {
  const unsafe: Inline = { type: "link", url: "javascript:alert(1)", children: [{ type: "text", value: "x" }] };
  const [section] = only({ content: paragraph({ type: "text", value: "see https://x.org/a." }, unsafe) }).elements;
  expect(section?.elements).toEqual([
    { type: "text", text: "see " },
    { type: "link", url: "https://x.org/a" },
    { type: "text", text: "." },
    { type: "text", text: "x (javascript:alert(1))" },
  ]);
});

test.each([
  ["an original in the channel", { replyTo: target("1.1") }, "1.1"],
  ["an original in a thread", { replyTo: target("1.5"), thread: target("1.1") }, "1.1"],
  ["a copy in the channel", { replyTo: target("2.2", "") }, "2.2"],
  ["a copy in a thread", { replyTo: target("2.2", "1.1") }, "1.1"],
  ["nothing", {}, undefined],
])("answers %s in its thread", (_name, post, threadTs) => {
  expect(only({ content: plainContent("yes"), ...post }).threadTs).toBe(threadTs);
});

test.each([
  ["https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"],
  ["(https://x.org/a_(b)?c=1&d=2).", "https://x.org/a_(b)?c=1&d=2"],
  ["(see https://x.org/a)", "https://x.org/a"],
  ["*https://x.org*, really", "https://x.org"],
  ["<https://x.org>", "https://x.org"],
  ["https://", undefined],
])("finds the address in %j", (value, url) => {
  const [section] = only({ content: plainContent(value) }).elements;
  const runs = section?.type === "rich_text_section" ? section.elements : [];
  expect(runs.map(run => run.url ?? run.text).join("")).toBe(value);
  expect(runs.find(run => run.type === "link")?.url).toBe(url);
});

test("says that it answers what the channel does not have", () => {
  expect(only({ content: plainContent("yes"), degraded: true }).text).toBe(
    "↪ in reply to a message that is not here\nyes",
  );
});

test("describes files in lines of their own, and never sends an empty message", () => {
  const files = [{ name: "a.png", sizeBytes: 12_345 }, { name: "b" }];
  expect(only({ files }).text).toBe("📎 a.png (12.3 kB)\n📎 b");
  expect(only({ content: plainContent("see"), files }).text).toBe("see\n📎 a.png (12.3 kB)\n📎 b");
  expect(only({}).text).toBe("(an empty message)");
});

test("leaves room for the name that an edit adds", () => {
  const long = plainContent("x".repeat(longestText));
  expect(rendered({ content: long })).toHaveLength(1);
  const [first, second] = rendered({ author, content: long });
  expect(first && editedBody(first).text).toHaveLength(longestText);
  expect(second?.text).toHaveLength("Bob (irc): ".length);
});

test("keeps a name within its limit, whole characters only", () => {
  const { username = "" } = only({ author: { id: "x", name: `\n${"👩‍👩‍👧".repeat(40)}` }, content: plainContent("x") });
  expect(username).toBe(`${"👩‍👩‍👧".repeat(9)}…`);
});

const word = fc.stringMatching(/^[\w *_~<>&@#:`|.-]{1,12}$/).filter(value => value.trim() !== "");
const leaf: fc.Arbitrary<Inline> = fc.oneof(
  word.map((value): Inline => ({ type: "text", value })),
  word.map((value): Inline => ({ type: "inlineCode", value })),
  fc.constant<Inline>({ type: "break" }),
  word.map((name): Inline => ({ type: "userMention", network: slack, person: "U1", name })),
  word.map((value): Inline => ({ type: "link", url: "https://x.org/a?b=1&c", children: [{ type: "text", value }] })),
);
const styled: fc.Arbitrary<Inline> = fc
  .tuple(
    fc.subarray(["strong", "emphasis", "delete"] as const, { minLength: 1 }),
    fc.array(leaf, { minLength: 1, maxLength: 3 }),
  )
  .map(
    ([[first = "strong", ...more], children]): Inline =>
      more.reduce<Inline>((inner, type) => ({ type, children: [inner] }), { type: first, children }),
  );
const paragraphBlock: fc.Arbitrary<Block> = fc
  .array(fc.oneof(leaf, styled), { minLength: 1, maxLength: 4 })
  .map((children): Block => ({ type: "paragraph", children }));
const codeBlock = (value: string): Block => ({ type: "code", value });
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  paragraphBlock,
  fc.string({ minLength: 1 }).map(codeBlock),
  paragraphBlock.map((child): Block => ({ type: "blockquote", children: [child] })),
);

test("reads back what it wrote", () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { minLength: 1, maxLength: 4 }), children => {
      fc.pre(signs(children).some(sign => sign.trim() !== ""));
      expect(lines(readBack(only({ content: { type: "root", children } })))).toEqual(lines(children));
    }),
  );
});

test("keeps every part within what Slack lets be edited, and loses nothing but white space", () => {
  const long = fc.stringMatching(/^[ab &<\n]{500,3000}$/).map(codeBlock);
  fc.assert(
    fc.property(fc.array(fc.oneof(anyBlock, long), { minLength: 1, maxLength: 8 }), children => {
      fc.pre(signs(children).some(sign => sign.trim() !== ""));
      const parts = rendered({ author, content: { type: "root", children } });
      for (const part of parts) {
        const { text, blocks } = editedBody(part);
        expect(text.length).toBeLessThanOrEqual(longestText);
        expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(longestBlocks);
      }
      const bare = (all: string[]): string[] => all.filter(sign => sign.trim() !== "");
      expect(bare(parts.flatMap(part => signs(readBack(part))))).toEqual(bare(signs(children)));
    }),
    { numRuns: 30 },
  );
});

function readBack(part: SlackPart): Block[] {
  return parseMessage(SlackMessage.parse({ ts: "1.0", ...postedBody(part) }), slack, () => undefined).children;
}

/** What can be read, block by block: each character with its looks; breaks at the ends and empty lines say nothing. */
function lines(blocks: readonly Block[]): string[] {
  return blocks
    .flatMap(block => {
      if (block.type === "code") return [`code ${block.value}`];
      const kind = block.type === "blockquote" ? "quote" : "paragraph";
      const inner = signs([block])
        .join(" ")
        .split(/ ?\n(?:[ \n])*/);
      return inner.map(line => `${kind} ${line}`);
    })
    .filter(line => !/^(?:quote|paragraph) $/.test(line));
}

function signs(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, index) => {
    const gap = index > 0 ? ["\n"] : [];
    if (block.type === "code") return [...gap, ...block.value];
    if (block.type === "blockquote") return [...gap, ...signs(block.children)];
    return [...gap, ...block.children.flatMap(node => inlineSigns(node, []))];
  });
}

function inlineSigns(node: Inline, looks: readonly string[]): string[] {
  const drawn = (value: string, look: readonly string[]): string[] =>
    Array.from(value, sign => (sign.trim() === "" ? "␣" : sign) + [...look].sort().join("."));
  if (node.type === "text") return drawn(node.value, looks);
  if (node.type === "break") return ["\n"];
  if (node.type === "inlineCode") return drawn(node.value, [...looks, "code"]);
  if (node.type === "userMention") return drawn(node.person, [...looks, "mention"]);
  if (node.type === "customEmoji") return drawn(node.name, looks);
  const look = node.type === "link" ? node.url : node.type;
  return node.children.flatMap(child => inlineSigns(child, [...looks, look]));
}
