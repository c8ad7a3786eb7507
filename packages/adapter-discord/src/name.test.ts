import { findMark, Key, stripMarks } from "@fanin/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { markedName, speakerName } from "./name.ts";

const key = Key.parse("0123456789abcdef");

test.each([
  ["Ann", "Ann"],
  ["  Ann \n Other ", "Ann Other"],
  ["", "U1"],
  ["\u0000", "U1"],
])("%j speaks as %j", (name, spoken) => {
  expect(speakerName({ id: "U1", name })).toBe(spoken);
});

test.each(["Discord Nitro", "DISCORD", "clyde", "The Clyde"])("%j looks the same and may be used", name => {
  const spoken = speakerName({ id: "U1", name });
  expect(spoken).toHaveLength(name.length);
  expect(spoken).not.toMatch(/discord|clyde/i);
});

test("any name fits with its mark, and the mark is found and leaves the name as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 120 }), fc.integer({ min: 0 }), (name, number) => {
      const mark = Key.parse(number.toString(16).padStart(16, "0"));
      const spoken = speakerName({ id: "U1", name });
      const marked = markedName(spoken, mark);
      expect(marked.length).toBeLessThanOrEqual(80);
      expect(marked.trim()).toBe(marked);
      expect(findMark(marked)).toBe(mark);
      expect(stripMarks(marked)).toBe(spoken);
    }),
  );
});

test("a long name is cut between characters", () => {
  expect(speakerName({ id: "U1", name: "👩‍👩‍👧".repeat(20) })).toBe(`${"👩‍👩‍👧".repeat(7)}…`);
  expect(markedName("Ann", key).startsWith("A")).toBe(true);
});
