import { assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { Content, plainContent } from "../model/content.ts";
import { anyContent } from "./arbitrary.fixture.ts";
import { plainText } from "./plain.ts";
import { splitContent } from "./split.ts";

const within = (limit: number) => (content: Content) => plainText(content).length <= limit;

/** What a reader would read: the letters, whatever stands between them. */
function letters(contents: readonly Content[]): string {
  return contents.map(plainText).join("").replaceAll(/[\s>]/g, "");
}

describe("splitting content", () => {
  test("cuts between words", () => {
    const parts = splitContent(plainContent("the quick brown fox jumps"), within(10));
    expect(parts.map(plainText)).toEqual(["the quick", "brown fox", "jumps"]);
  });

  test("cuts between lines rather than words", () => {
    const parts = splitContent(plainContent("one two\nthree four\nfive"), within(12));
    expect(parts.map(plainText)).toEqual(["one two", "three four", "five"]);
  });

  test("cuts a word that is longer than a part, never inside a character", () => {
    const parts = splitContent(plainContent("🦊🦊🦊🦊"), within(5));
    expect(parts.map(plainText)).toEqual(["🦊🦊", "🦊🦊"]);
  });

  test("goes on in code and in quotes", () => {
    const code = Content.parse({
      type: "root",
      children: [{ type: "code", lang: "sh", value: "first line\nsecond line" }],
    });
    expect(splitContent(code, within(12)).map(part => part.children)).toEqual([
      [{ type: "code", lang: "sh", value: "first line" }],
      [{ type: "code", lang: "sh", value: "second line" }],
    ]);
  });

  test("leaves what fits as it is", () => {
    const content = plainContent("short");
    expect(splitContent(content, within(10))).toEqual([content]);
    expect(splitContent(plainContent(""), within(10))).toEqual([plainContent("")]);
  });

  test("always fits, and loses no letter", () => {
    assert(
      property(anyContent, content => {
        // The longest thing that can't be cut: links within each other around one node, with their URLs, in nested quotes.
        const limit = 300;
        const parts = splitContent(content, within(limit));
        for (const part of parts) Content.parse(part);
        const whole = letters(parts).replaceAll("(https://example.org/)", "");
        expect(whole).toBe(letters([content]).replaceAll("(https://example.org/)", ""));
        for (const part of parts) expect(plainText(part).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });
});
