import { readFileSync } from "node:fs";
import { channelRef, encodeMark, Key, RelayEvent } from "@fanin/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHtmlParser } from "./parse-html.ts";
import { MatrixEvent } from "./payload.ts";
import { editedBy, toEvent } from "./to-event.ts";

const channel = channelRef("hub", "!room");
const surroundings = { channel, name: "Ann", parseHtml: createHtmlParser("hub") };

/** An event as Synapse 1.163 gives it. */
function recorded(name: string): MatrixEvent {
  return MatrixEvent.parse(JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")));
}

function read(name: string, change: (event: MatrixEvent) => Partial<MatrixEvent> = () => ({})) {
  const event = recorded(name);
  return toEvent({ ...event, ...change(event) }, surroundings);
}

const plain = (value: string) => ({
  type: "root",
  children: [{ type: "paragraph", children: [{ type: "text", value }] }],
});

const original = recorded("text").event_id;

describe("recorded events", () => {
  test("a message, its HTML read", () => {
    expect(read("text")).toEqual({
      type: "created",
      id: original,
      cursor: original,
      channel,
      message: {
        ref: { ...channel, message: original },
        author: { id: "@ann:localhost", name: "Ann" },
        content: {
          type: "root",
          children: [
            {
              type: "paragraph",
              children: [
                { type: "text", value: "hello " },
                { type: "strong", children: [{ type: "text", value: "you" }] },
              ],
            },
          ],
        },
        files: [],
        at: recorded("text").origin_server_ts,
      },
    });
  });

  test("a reply, without what it quotes", () => {
    const expected = { message: { content: plain("well met"), replyTo: { ...channel, message: original } } };
    expect(read("reply")).toMatchObject(expected);
    const { formatted_body: _, ...bare } = recorded("reply").content;
    expect(read("reply", () => ({ content: bare }))).toMatchObject(expected);
  });

  test("a message in a thread answers its root only where it says so", () => {
    const event = read("thread");
    expect(event).toMatchObject({ message: { thread: { message: original } } });
    expect(event).not.toHaveProperty("message.replyTo");
    const answer = read("thread", ({ content }) => ({
      content: { ...content, "m.relates_to": { ...Object(content["m.relates_to"]), is_falling_back: false } },
    }));
    expect(answer).toMatchObject({ message: { thread: { message: original }, replyTo: { message: original } } });
  });

  test("an edit, by its own id, of the original", () => {
    expect(read("edit")).toMatchObject({
      type: "edited",
      id: recorded("edit").event_id,
      ref: { ...channel, message: original },
      author: { id: "@ann:localhost", name: "Ann" },
      content: plain("hello all"),
    });
  });

  test("an edit that takes all words away", () => {
    const nothing = { msgtype: "m.text", body: "" };
    const edit = read("edit", ({ content }) => ({ content: { ...content, "m.new_content": nothing } }));
    expect(edit).toMatchObject({ type: "edited", content: { children: [] }, files: [] });
  });

  test("a redaction, wherever the room's version puts what it redacts", () => {
    const target = recorded("redaction").redacts;
    const expected = { type: "deleted", ref: { ...channel, message: target } };
    expect(read("redaction")).toMatchObject(expected);
    expect(read("redaction", () => ({ content: {} }))).toMatchObject(expected);
    expect(read("redaction", () => ({ redacts: undefined }))).toMatchObject(expected);
    expect(read("redaction", () => ({ redacts: undefined, content: {} }))).toBeUndefined();
  });

  test("a picture with its caption, a sticker", () => {
    expect(read("image")).toMatchObject({
      message: { content: plain("our boat"), files: [{ name: "boat.jpg", sizeBytes: 61240 }] },
    });
    expect(read("sticker")).toMatchObject({
      message: { content: { children: [] }, files: [{ name: "thumbs up", sizeBytes: 8123 }] },
    });
  });

  test("a message with a profile of its own is under that name, which is not in the text", () => {
    const expected = {
      author: { id: "@ann:localhost", name: "Carol" },
      content: { children: [{ children: [{ value: "from " }, { type: "emphasis" }] }] },
    };
    expect(read("profile")).toMatchObject({ message: expected });
    const { formatted_body: _, ...bare } = recorded("profile").content;
    expect(read("profile", () => ({ content: bare }))).toMatchObject({
      message: { author: { name: "Carol" }, content: plain("from elsewhere") },
    });
  });

  test.each(["redacted", "reaction"])("%s is nothing to the relay", name => {
    expect(read(name)).toBeUndefined();
  });
});

describe("odd events", () => {
  const message = (content: object): MatrixEvent => ({ ...recorded("text"), content: { ...content } });
  const created = (content: object) => toEvent(message(content), surroundings);

  test("what somebody does is told of them", () => {
    expect(created({ msgtype: "m.emote", body: "waves" })).toMatchObject({
      message: {
        content: {
          children: [{ children: [{ type: "emphasis", children: [{ value: "* Ann " }, { value: "waves" }] }] }],
        },
      },
    });
  });

  test("bots talk too, and unknown kinds of message have a body", () => {
    expect(created({ msgtype: "m.notice", body: "built" })).toMatchObject({ message: { content: plain("built") } });
    expect(created({ msgtype: "org.example", body: "so" })).toMatchObject({ message: { content: plain("so") } });
  });

  test("a key is found in the content, else as a mark in the body, and is no part of the text", () => {
    const [one, other] = [Key.parse("00112233445566ff"), Key.parse("ffeeddccbbaa9988")];
    const body = `J${encodeMark(one)}oe: hi`;
    expect(created({ msgtype: "m.text", body })).toMatchObject({ message: { key: one, content: plain("Joe: hi") } });
    expect(created({ msgtype: "m.text", body, "im.fanin.key": other })).toMatchObject({ message: { key: other } });
    expect(created({ msgtype: "m.text", body: "hi", "im.fanin.key": "junk" })).not.toHaveProperty("message.key");
  });

  test.each([
    ["no body", { msgtype: "m.text" }],
    ["a body that is no text", { msgtype: "m.text", body: 7 }],
    ["an empty body", { msgtype: "m.text", body: "" }],
    [
      "an edit without new content",
      { msgtype: "m.text", body: "* x", "m.relates_to": { rel_type: "m.replace", event_id: "$x" } },
    ],
    ["a verification request", { msgtype: "m.key.verification.request", body: "verify me" }],
  ])("%s is nothing to the relay", (_, content) => {
    expect(created(content)).toBeUndefined();
  });

  test("wrong optional fields cost themselves, not the message", () => {
    const content = { msgtype: "m.text", body: "hi", format: 1, "m.relates_to": "no", info: [], filename: {} };
    expect(created(content)).toMatchObject({ message: { content: plain("hi") } });
  });

  test("nothing makes it throw", () => {
    const id = fc.constantFrom("", "$x", 7, null);
    const words = {
      msgtype: fc.constantFrom("m.text", "m.emote", "m.image", 7),
      body: fc.oneof(fc.string(), fc.integer()),
    };
    const relation = fc.record(
      {
        rel_type: fc.constantFrom("m.replace", "m.thread", "", 7),
        event_id: id,
        "m.in_reply_to": fc.record({ event_id: id }),
      },
      { requiredKeys: [] },
    );
    const content = fc.record(
      {
        ...words,
        format: fc.constantFrom("org.matrix.custom.html", 7),
        formatted_body: fc.string(),
        filename: fc.string(),
        info: fc.anything(),
        redacts: id,
        "m.relates_to": fc.oneof(relation, fc.anything()),
        "m.new_content": fc.oneof(fc.record(words), fc.anything()),
        "com.beeper.per_message_profile": fc.anything(),
      },
      { requiredKeys: [] },
    );
    const type = fc.constantFrom("m.room.message", "m.sticker", "m.room.redaction");
    fc.assert(
      fc.property(type, content, (type, content) => {
        const event = MatrixEvent.parse({ ...recorded("text"), type, content });
        editedBy(event);
        const read = toEvent(event, surroundings);
        if (read) RelayEvent.parse(read);
      }),
      { numRuns: 500 },
    );
  });

  test("a state event of a message's type is no message", () => {
    expect(toEvent({ ...recorded("text"), state_key: "" }, surroundings)).toBeUndefined();
  });
});
