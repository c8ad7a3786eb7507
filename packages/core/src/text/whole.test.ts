import { describe, expect, test } from "vitest";
import { Content, plainContent } from "../model/content.ts";
import { actionContent } from "./action.ts";
import { shownName } from "./name.ts";
import { plainText } from "./plain.ts";
import { wholeOf } from "./whole.ts";

const nothing: Content = { type: "root", children: [] };
const said = (content: Content, more: Partial<Parameters<typeof wholeOf>[0]> = {}): string =>
  plainText(wholeOf({ content, files: [], ...more }));

describe("all that a post says", () => {
  test.each([
    ["nothing", ""],
    ["white space", " \n\t "],
    ["characters that nobody sees", "\u200B\u3164\uFEFF\u00AD"],
  ])("%s is said to be nothing", (_name, text) => {
    expect(said(plainContent(text))).toBe("(an empty message)");
  });

  test("an emoji with joiners is something", () => {
    expect(said(plainContent("👩‍👩‍👧"))).toBe("👩‍👩‍👧");
  });

  test("empty lines around the words go, those between stay, and so does indentation", () => {
    expect(said(plainContent("\n \n  a\n\n b\n\n"))).toBe("  a\n\n b");
  });

  test("line ends of all kinds are line ends", () => {
    expect(said(plainContent("a\r\nb\rc\n"))).toBe("a\nb\nc");
  });

  test("blocks without anything in them go", () => {
    const content = Content.parse({
      type: "root",
      children: [
        { type: "code", value: "\n" },
        { type: "blockquote", children: [{ type: "paragraph", children: [{ type: "break" }] }] },
        { type: "paragraph", children: [{ type: "text", value: "a" }] },
      ],
    });
    expect(said(content)).toBe("a");
  });

  test.each([
    ["a.png", undefined, "📎 a.png"],
    ["a.png", 0, "📎 a.png (0 B)"],
    ["a.png", 999, "📎 a.png (999 B)"],
    ["a.png", 12_345, "📎 a.png (12.3 kB)"],
    ["a\nb.png", 5_000_000, "📎 a b.png (5 MB)"],
    ["exe\u202Egnp.txt", undefined, "📎 exegnp.txt"],
    ["\n", 7_200_000_000, "📎 file (7.2 GB)"],
  ])("the file %j of %s bytes is the line %j", (name, sizeBytes, line) => {
    expect(said(nothing, { files: [{ name, ...(sizeBytes === undefined ? {} : { sizeBytes }) }] })).toBe(line);
  });

  test("files stand below the words, a reply's hint above", () => {
    const files = [{ name: "a" }, { name: "b" }];
    expect(said(plainContent("see"), { files, degraded: true })).toBe(
      "↪ in reply to a message that is not here\nsee\n📎 a\n📎 b",
    );
  });
});

describe("a name as it is shown", () => {
  test.each([
    ["Ann", "Ann"],
    [" Ann\nOther\t ", "Ann Other"],
    ["", "U1"],
    ["\u200B\u3164", "U1"],
    ["\u202Eevil", "evil"],
    ["مريم", "مريم"],
    ["*bold* <b>", "*bold* <b>"],
    ["x".repeat(30), `${"x".repeat(19)}…`],
    ["👩‍👩‍👧".repeat(5), "👩‍👩‍👧👩‍👩‍👧…"],
    [`z${"\u0335".repeat(40)}`, `z${"\u0335".repeat(18)}…`],
  ])("%j is %j", (name, shown) => {
    expect(shownName({ id: "U1", name }, 20)).toBe(shown);
  });
});

test("what somebody does names them", () => {
  expect(plainText(actionContent(plainContent("waves\ntwice"), "Ann"))).toBe("* Ann waves\ntwice");
  expect(plainText(actionContent(nothing, "Ann"))).toBe("* Ann ");
});
