import {
  type Content,
  channelRef,
  encodeMark,
  findMark,
  Key,
  messageRef,
  NetworkName,
  type Post,
  plainContent,
  stripMarks,
} from "@fanin/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxPartBytes } from "./capabilities.ts";
import { newMessage, replacement } from "./event-content.ts";
import { type MatrixPart, render } from "./render.ts";

const key = Key.parse("0123456789abcdef");
const channel = channelRef("hub", "!room");
const carol = { id: "U1", name: "Carol" };

function post(content: Content | string, more: Partial<Post> = {}): Post {
  return { author: carol, content: typeof content === "string" ? plainContent(content) : content, files: [], ...more };
}

function only(parts: readonly MatrixPart[]): MatrixPart {
  expect(parts).toHaveLength(1);
  const [part] = parts;
  if (!part) throw new Error("no part");
  return part;
}

function sent(what: Post): Record<string, unknown> {
  return { ...newMessage(only(render(what, "hub")), key) };
}

function bodyOf(content: object): string {
  return "body" in content ? String(content.body) : "";
}

describe("a post as a message", () => {
  test("plain text stays plain, the name before it with the mark inside", () => {
    expect(sent(post("hi\nthere"))).toEqual({
      msgtype: "m.text",
      body: `C${encodeMark(key)}arol: hi\nthere`,
      "com.beeper.per_message_profile": { id: "U1", displayname: `C${encodeMark(key)}arol`, has_fallback: true },
      "im.fanin.key": key,
      "m.mentions": {},
    });
  });

  test("formatting goes into HTML, the name marked as a fallback there", () => {
    const content: Content = {
      type: "root",
      children: [{ type: "paragraph", children: [{ type: "strong", children: [{ type: "text", value: "a<b" }] }] }],
    };
    expect(sent(post(content))).toMatchObject({
      body: `C${encodeMark(key)}arol: a<b`,
      format: "org.matrix.custom.html",
      formatted_body: `<strong data-mx-profile-fallback>C${encodeMark(key)}arol: </strong> <strong>a&lt;b</strong>`,
    });
  });

  test("paragraphs stay apart in HTML, and are lines for those who read the body", () => {
    const paragraph = (value: string) => ({ type: "paragraph" as const, children: [{ type: "text" as const, value }] });
    const content: Content = { type: "root", children: [paragraph("one"), paragraph("two")] };
    expect(sent(post(content))).toMatchObject({
      body: `C${encodeMark(key)}arol: one\ntwo`,
      formatted_body: `<p><strong data-mx-profile-fallback>C${encodeMark(key)}arol: </strong> one</p>\n<p>two</p>`,
    });
  });

  test("only people of this network are mentioned", () => {
    const mention = (network: string) => ({
      type: "userMention" as const,
      network: NetworkName.parse(network),
      person: "@bob:hub.test",
      name: "Bob",
    });
    const content: Content = {
      type: "root",
      children: [{ type: "paragraph", children: [mention("hub"), mention("slack")] }],
    };
    expect(sent(post(content))).toMatchObject({
      body: expect.stringMatching(/@Bob@Bob$/),
      formatted_body: expect.stringMatching(
        /: <\/strong> <a href="https:\/\/matrix.to\/#\/%40bob%3Ahub.test">Bob<\/a>@Bob$/,
      ),
      "m.mentions": { user_ids: ["@bob:hub.test"] },
    });
    const inert: Content = { type: "root", children: [{ type: "paragraph", children: [mention("slack")] }] };
    expect(sent(post(inert))).not.toHaveProperty("formatted_body");
  });

  test("the relay's own words are a notice without a name", () => {
    const { author: _, ...notice } = post("Slack is back");
    expect(sent(notice)).toEqual({
      msgtype: "m.notice",
      body: `Slack is back${encodeMark(key)}`,
      "im.fanin.key": key,
      "m.mentions": {},
    });
  });

  test("replies and threads point at their messages", () => {
    const target = (id: string) => ({ ref: messageRef(channel, id) });
    expect(sent(post("hi", { replyTo: target("$a") }))).toMatchObject({
      "m.relates_to": { "m.in_reply_to": { event_id: "$a" } },
    });
    expect(sent(post("hi", { thread: target("$r") }))).toMatchObject({
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: "$r",
        is_falling_back: true,
        "m.in_reply_to": { event_id: "$r" },
      },
    });
    expect(sent(post("hi", { thread: target("$r"), replyTo: target("$a") }))).toMatchObject({
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: "$r",
        is_falling_back: false,
        "m.in_reply_to": { event_id: "$a" },
      },
    });
  });

  test("a file is a line with its name and size", () => {
    const files = [{ name: "boat.jpg", sizeBytes: 61_240 }, { name: "notes" }];
    expect(only(render(post("look", { files }), "hub")).body).toBe("Carol: look\n📎 boat.jpg (61.2 kB)\n📎 notes");
    expect(only(render(post({ type: "root", children: [] }, { files }), "hub")).body).toMatch(/^Carol: 📎 boat/);
  });

  test("an edit carries the whole message twice and notifies nobody", () => {
    const content = replacement(only(render(post("right"), "hub")), key, "$first");
    expect(content).toMatchObject({
      body: `* C${encodeMark(key)}arol: right`,
      "m.mentions": {},
      "m.new_content": {
        body: `C${encodeMark(key)}arol: right`,
        "com.beeper.per_message_profile": { displayname: `C${encodeMark(key)}arol` },
      },
      "m.relates_to": { rel_type: "m.replace", event_id: "$first" },
    });
  });

  test("names are one line, without marks, and of some length", () => {
    const name = `Ca\nrol${encodeMark(key)} ${"x".repeat(300)}`;
    const { profile } = only(render(post("hi", { author: { id: "U1", name } }), "hub"));
    expect(profile?.displayname).toMatch(/^Ca rol x{92}…$/);
    expect(only(render(post("hi", { author: { id: "U1", name: " \n" } }), "hub")).body).toBe("U1: hi");
  });
});

describe("properties", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
    fc.constantFrom("❤️", "❤️ Bob", "☎️☎️", "👩‍❤️‍👩", "A"),
  );

  test("the mark is found and leaves the body as it was, whatever the name", () => {
    fc.assert(
      fc.property(name, fc.constantFrom("hi", "️", "❤️"), (author, text) => {
        const part = only(render(post(text, { author: { id: "U1", name: author } }), "hub"));
        const body = bodyOf(newMessage(part, key));
        expect(findMark(body)).toBe(key);
        expect(stripMarks(body)).toBe(part.body);
      }),
    );
  });

  test("every part fits, edited too, and nothing but white space is lost", () => {
    const word = fc
      .string({ unit: "binary", minLength: 1, maxLength: 40 })
      .map(text => `x${stripMarks(text).replaceAll(/\s/gu, "")}`);
    const long = fc.record({ word, times: fc.integer({ min: 1, max: 4000 }), gap: fc.constantFrom("", " ", "\n") });
    fc.assert(
      fc.property(fc.array(long, { minLength: 1, maxLength: 3 }), fc.boolean(), (pieces, isCode) => {
        const text = pieces.map(({ word, times, gap }) => `${word}${gap}`.repeat(times)).join(" ");
        const content: Content = isCode
          ? { type: "root", children: [{ type: "code", value: text }] }
          : plainContent(text);
        const parts = render(post(content), "hub");
        for (const part of parts) {
          const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
          expect(bytes(part.body) + bytes(part.html ?? "")).toBeLessThanOrEqual(maxPartBytes);
          expect(bytes(replacement(part, key, `$${"x".repeat(43)}`))).toBeLessThan(62_000);
        }
        const squeezed = (all: string) => all.replaceAll(/\s/gu, "");
        expect(squeezed(parts.map(({ body }) => body.replace(/^Carol: /, "")).join(""))).toBe(squeezed(text));
      }),
      { numRuns: 25 },
    );
  });
});
