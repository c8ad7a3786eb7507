import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { Key } from "../model/ids.ts";
import { encodeMark, findMark, stripMarks } from "./mark.ts";

const anyKey = string({ unit: "binary-ascii", minLength: 16, maxLength: 16 }).map(text =>
  Key.parse(Array.from(text, character => (character.charCodeAt(0) % 16).toString(16)).join("")),
);

test("a mark is found where it stands and nothing is left of it", () => {
  assert(
    property(anyKey, string(), string(), (key, before, after) => {
      const text = `A${before}${encodeMark(key)}${after}`;
      expect(findMark(text)).toBe(key);
      expect(stripMarks(text)).toBe(`A${before}${after}`);
    }),
  );
});

test("is eight characters of the alphabet that IRC bridges leave alone", () => {
  const mark = encodeMark(Key.parse("00ff107f0f80ee01"));
  expect(Array.from(mark)).toHaveLength(8);
  expect(mark).toMatch(/^[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]{8}$/u);
  expect(findMark(mark)).toBe("00ff107f0f80ee01");
});

test("an emoji's variation selector is no mark", () => {
  expect(findMark("I ❤️ it ☀️")).toBeUndefined();
  expect(stripMarks("I ❤️ it")).toBe("I ❤️ it");
});
