import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Place } from "../place.ts";
import type { Content } from "./event.ts";
import { createMatrixStandIn, type MatrixStandIn } from "./stand-in.ts";

let standIn: MatrixStandIn;
let place: Place;
let roomId: string;
const [ann, bob] = ["@ann:hs", "@bob:hs"];

beforeEach(async () => {
  standIn = await createMatrixStandIn({ serverName: "hs" });
  roomId = standIn.addRoom({ name: "Hub", preset: "private_chat" });
  place = standIn.place(roomId, [
    { id: ann, name: "Ann" },
    { id: bob, name: "Bob" },
  ]);
});

afterEach(async () => {
  await standIn.close();
});

function send(content: Content): string {
  return standIn.homeserver.send(bob, standIn.homeserver.room(roomId), "m.room.message", content).event.event_id;
}

it("shows the latest edit, answers and threads, and nothing of what is redacted", async () => {
  const root = await place.say(ann, "root");
  const answer = await place.say(bob, "an answer", { replyTo: root });
  const threaded = send({
    msgtype: "m.text",
    body: "in thread",
    "m.relates_to": {
      rel_type: "m.thread",
      event_id: root,
      is_falling_back: true,
      "m.in_reply_to": { event_id: answer },
    },
  });
  const inThread = await place.say(ann, "me too", { replyTo: threaded });
  await place.edit(bob, answer, "one answer");
  await place.edit(bob, answer, "the <b>answer</b>");
  expect(place.said().map(({ id, text, edited, replyTo }) => [id, text, edited, replyTo])).toEqual([
    [root, "root", false, undefined],
    [answer, "the answer", true, root],
    [threaded, "in thread", false, root],
    [inThread, "me too", false, threaded],
  ]);
  await place.remove(bob, answer);
  expect(place.said().map(({ text }) => text)).toEqual(["root", "in thread", "me too"]);
});

it("falls back one revision when an edit is redacted, and ignores other people's edits", async () => {
  const id = await place.say(ann, "one");
  await place.edit(ann, id, "two");
  send({
    msgtype: "m.text",
    body: "* hijacked",
    "m.new_content": { msgtype: "m.text", body: "hijacked" },
    "m.relates_to": { rel_type: "m.replace", event_id: id },
  });
  expect(place.said()[0]).toMatchObject({ text: "two", edited: true });
  const edit = standIn.homeserver.room(roomId).timeline.findLast(({ event }) => event.sender === ann);
  await place.remove(ann, edit?.event.event_id ?? "");
  expect(place.said()[0]).toMatchObject({ text: "one", edited: false });
});

const profile = { id: "U1", displayname: "Carol", has_fallback: true, avatar_url: "mxc://hs/a" };

it.each<[string, Content, string, string]>([
  [
    "the name of a per-message profile, without the body's fallback",
    { body: "Carol: hi", "com.beeper.per_message_profile": profile },
    "Carol",
    "hi",
  ],
  [
    "the same in HTML",
    {
      body: "Carol: **hi**",
      format: "org.matrix.custom.html",
      formatted_body: "<strong data-mx-profile-fallback>Carol: </strong><strong>hi</strong> &amp; bye<br>now",
      "com.beeper.per_message_profile": profile,
    },
    "Carol",
    "hi & bye\nnow",
  ],
  [
    "a body as it is where there is no fallback",
    { body: "Carol: hi", "com.beeper.per_message_profile": { ...profile, has_fallback: false } },
    "Carol",
    "Carol: hi",
  ],
  ["the account's name otherwise", { body: "Carol: hi" }, "Bob", "Carol: hi"],
])("shows %s", (_, content, author, text) => {
  send({ msgtype: "m.text", ...content });
  if (author === "Carol") expect(place.said()[0]?.avatarUrl).toBe(`${standIn.url}/_sandbox/media/hs/a`);
  expect(place.said()[0]).toMatchObject({ author, text, relayed: "com.beeper.per_message_profile" in content });
});

it("lets nobody speak for another, and tells its watchers", async () => {
  const changed = vi.fn();
  const stop = place.watch(changed);
  const id = await place.say(ann, "mine");
  expect(changed).toHaveBeenCalledTimes(1);
  await expect(place.edit(bob, id, "ours")).rejects.toThrow("not Bob's message");
  await expect(place.remove(bob, id)).rejects.toThrow("permission to redact");
  await expect(place.say("@eve:hs", "hello")).rejects.toThrow("No @eve:hs speaks here");
  stop();
  await place.remove(ann, id);
  expect(changed).toHaveBeenCalledTimes(1);
});
