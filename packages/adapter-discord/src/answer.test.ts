import { expect, test } from "vitest";
import { answerLine, answerLineOf, maxAnswerLine } from "./answer.ts";

const id = "1".repeat(20);

test.each([
  ["a message", { message: "5", author: "Ann" }, "2", "-# ↪ [Ann](https://discord.com/channels/2/3/5)\n"],
  ["one in a thread", { message: "4/5", author: "Ann" }, "2", "-# ↪ [Ann](https://discord.com/channels/2/4/5)\n"],
  ["somebody unknown", { message: "5" }, "2", "-# ↪ [a message](https://discord.com/channels/2/3/5)\n"],
  ["signs in a name", { message: "5", author: "*[a]*" }, undefined, "-# ↪ \\*\\[a\\]\\*\n"],
  ["a name that nobody sees", { message: "5", author: "\u200B" }, undefined, "-# ↪ a message\n"],
  ["an address for a name", { message: "5", author: "https://a" }, undefined, "-# ↪ a message\n"],
  ["what is not here", {}, "2", "-# ↪ in reply to a message that is not here\n"],
])("answers %s", (_, answered, guild, line) => {
  expect(answerLine(answered, guild, "3")).toBe(line);
});

test("fits in the room that is left for it", () => {
  const line = answerLine({ message: `${id}/${id}`, author: "*".repeat(500) }, id, id);
  expect(line.length).toBeLessThanOrEqual(maxAnswerLine);
  expect(answerLine({ message: id, author: "😀".repeat(500) }, id, id).length).toBeLessThanOrEqual(maxAnswerLine);
});

test("is found again above the text, and only there", () => {
  const line = answerLine({ message: "5" }, "2", "3");
  expect(answerLineOf(`${line}text\nmore`)).toBe(line);
  expect(answerLineOf("text")).toBe("");
});
