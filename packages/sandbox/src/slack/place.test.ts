import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person, Place } from "../place.ts";
import { createSlackStandIn, type SlackStandIn } from "./stand-in.ts";

let slack: SlackStandIn;
let ann: Person;
let bob: Person;
let place: Place;

beforeEach(async () => {
  slack = await createSlackStandIn();
  ann = slack.addUser("Ann Lee", { displayName: "ann" });
  bob = slack.addUser("Bob", { displayName: "" });
  place = slack.place(slack.addChannel("general"), [ann, bob]);
});
afterEach(() => slack.close());

test("shows what people see: names, text without markup, threads, edits", async () => {
  const first = await place.say(ann.id, `*Hello* <@${bob.id}> :wave:`);
  const reply = await place.say(bob.id, "hi", { replyTo: first });
  await place.edit(ann.id, first, "Hello _again_");
  expect(place.said()).toMatchObject([
    { id: first, author: "ann", relayed: false, text: "Hello again", edited: true },
    { id: reply, author: "Bob", text: "hi", edited: false, replyTo: first },
  ]);
  expect(place).toMatchObject({ name: "#general", canEdit: true, people: [ann, bob] });
});

test("people change only what they said, where they are", async () => {
  const id = await place.say(ann.id, "mine");
  await expect(place.edit(bob.id, id, "x")).rejects.toThrow("cant_update_message");
  await expect(place.remove(bob.id, id)).rejects.toThrow("cant_delete_message");
  await expect(place.edit(ann.id, "1.0", "x")).rejects.toThrow("message_not_found");
  await expect(place.say(slack.addUser("Eve").id, "x")).rejects.toThrow("not_in_channel");
  await place.remove(ann.id, id);
  expect(place.said()).toEqual([]);
});

test("calls back after every change until told to stop", async () => {
  let changes = 0;
  const stop = place.watch(() => {
    changes += 1;
  });
  const id = await place.say(ann.id, "one");
  await place.edit(ann.id, id, "two");
  await place.remove(ann.id, id);
  stop();
  await place.say(ann.id, "unwatched");
  expect(changes).toBe(3);
});

test("a port that is taken is refused", async () => {
  const port = Number(new URL(slack.apiUrl).port);
  await expect(createSlackStandIn({ port })).rejects.toThrow("EADDRINUSE");
});
