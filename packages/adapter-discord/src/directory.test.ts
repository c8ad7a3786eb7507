import { expect, test } from "vitest";
import { Directory, spotOf } from "./directory.ts";
import { ChannelPayload } from "./payload.ts";

const payload = (changes: object) => ChannelPayload.parse({ id: "10", type: 0, name: "general", ...changes });

test("a thread is a spot in its channel, and a private one is none", () => {
  const directory = new Directory();
  expect(spotOf(directory.learn(payload({})))).toEqual({ channel: "10" });
  expect(spotOf(directory.learn(payload({ id: "11", type: 11, parent_id: "10" })))).toEqual({
    channel: "10",
    thread: "11",
  });
  expect(spotOf(directory.learn(payload({ id: "12", type: 12, parent_id: "10" })))).toBeUndefined();
});

test("a channel under a category is no thread", () => {
  expect(spotOf(new Directory().learn(payload({ parent_id: "9" })))).toEqual({ channel: "10" });
});

test("the guild stays known where a payload leaves it out", () => {
  const directory = new Directory();
  directory.learn(payload({}), "1");
  expect(directory.learn(payload({ name: "renamed" }))).toMatchObject({ guild: "1", name: "renamed" });
});

test("a guild is forgotten with its threads; its channels are named", () => {
  const directory = new Directory();
  directory.learn(payload({}), "1");
  directory.learn(payload({ id: "11", type: 11, parent_id: "10" }), "1");
  directory.learn(payload({ id: "20" }), "2");
  expect(directory.forgetGuild("1")).toEqual(["10"]);
  expect(["10", "11", "20"].map(id => directory.find(id)?.id)).toEqual([undefined, undefined, "20"]);
});

test("a message without a thread is asked for once, until it gets one", () => {
  const directory = new Directory();
  directory.noThread("11");
  expect(directory.isThreadless("11")).toBe(true);
  directory.learn(payload({ id: "11", type: 11, parent_id: "10" }));
  expect(directory.isThreadless("11")).toBe(false);
});
