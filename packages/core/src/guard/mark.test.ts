import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { Key } from "../model/ids.ts";
import { encodeMark, findMark, markPlace, stripMarks } from "./mark.ts";

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

test.each([
  ["Carol", 1],
  ["👩‍👩‍👧 Ann", 8],
  ["🇩🇪 Bo", 4],
  ["👍🏽", 4],
  ["e\u0301va", 2],
  ["❤️ Bob", 3],
  ["❤️", 1],
  ["", 0],
])("in %j a mark stands where no emoji falls apart and it can be read", (name, place) => {
  expect(markPlace(name)).toBe(place);
  const key = Key.parse("0123456789abcdef");
  expect(findMark(name.slice(0, place) + encodeMark(key) + name.slice(place))).toBe(key);
});
