import { readFileSync } from "node:fs";
import { encodeMark, Key, NetworkName, plainText } from "@fanin/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MessagePayload } from "./payload.ts";
import { type Reading, toCreated, toDeleted, toEdited } from "./to-event.ts";

const network = NetworkName.parse("discord");
const channel = "290926798626357999";
const reading: Reading = {
  cdnUrl: "https://cdn.example",
  names: { network, user: () => undefined, role: () => undefined, channel: () => undefined },
};

function fixture(name: string, changes: object = {}): MessagePayload {
  const recorded = JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
  return MessagePayload.parse({ ...z.looseObject({}).parse(recorded), ...changes });
}

const created = (changes: object = {}, thread?: string) => {
  return toCreated(fixture("message", changes), { channel, ...(thread === undefined ? {} : { thread }) }, reading);
};
const said = (changes: object) => plainText(created(changes)?.message.content ?? { type: "root", children: [] });

describe("a message becomes an event", () => {
  test("with everything in it", () => {
    expect(created()).toEqual({
      type: "created",
      id: "created:1345000000000000001",
      channel: { network, channel },
      cursor: "1345000000000000001",
      message: {
        ref: { network, channel, message: "1345000000000000001" },
        author: {
          id: "100000000000000001",
          name: "Ann",
          avatarUrl: "https://cdn.example/avatars/100000000000000001/a_0123456789abcdef.png",
        },
        content: {
          type: "root",
          children: [
            {
              type: "paragraph",
              children: [
                { type: "text", value: "hello " },
                { type: "userMention", network, person: "100000000000000002", name: "Bobby" },
                { type: "text", value: ", see " },
                { type: "strong", children: [{ type: "text", value: "this" }] },
              ],
            },
          ],
        },
        files: [{ name: "log.txt", sizeBytes: 1234 }],
        at: Date.parse("2025-03-01T12:00:00.123Z"),
      },
    });
  });

  test("that is the same from history, which does not know who is a member", () => {
    expect(created({ member: undefined, guild_id: undefined })).toEqual(created());
  });

  test("under the name the guild shows", () => {
    expect(created({ member: { nick: "Annie" } })?.message.author.name).toBe("Annie");
  });

  test("with a default picture where there is no other", () => {
    const author = { id: "100000000000000001", username: "ann" };
    expect(created({ author })?.message.author.avatarUrl).toBe("https://cdn.example/embed/avatars/0.png");
  });

  test("with what it came through, and without the mark in its name", () => {
    const key = Key.parse("0123456789abcdef");
    const copy = fixture("webhook-message");
    const marked = { ...copy, author: { ...copy.author, username: `C${encodeMark(key)}y` } };
    const event = toCreated(marked, { channel }, reading);
    expect(event?.message.author).toMatchObject({
      id: "1300000000000000001",
      name: "Cy",
      via: ["1300000000000000001", "1200000000000000001"],
    });
    expect(event?.message.key).toBe(key);
  });
});

describe("what it points at", () => {
  const reply = { type: 19, message_reference: { type: 0, channel_id: channel, message_id: "1344000000000000001" } };
  test("a reply", () => {
    expect(created(reply)?.message.replyTo?.message).toBe("1344000000000000001");
  });
  test("in a thread: its root, and ids that lead into the thread", () => {
    const thread = "1344000000000000009";
    const reference = { message_reference: { type: 0, channel_id: thread, message_id: "1344000000000000010" } };
    const message = created({ type: 19, channel_id: thread, ...reference }, thread)?.message;
    expect(message?.ref).toEqual({ network, channel, message: `${thread}/1345000000000000001` });
    expect(message?.thread).toEqual({ network, channel, message: thread });
    expect(message?.replyTo?.message).toBe(`${thread}/1344000000000000010`);
  });
  test("a message elsewhere is not answered here", () => {
    const reference = { message_reference: { type: 0, channel_id: "1", message_id: "2" } };
    expect(created({ type: 19, ...reference })?.message.replyTo).toBeUndefined();
  });
  test("the notice of a thread that hangs on no message is the thread's root", () => {
    const event = created({ type: 18, content: "plans", message_reference: { channel_id: "1345000000000000077" } });
    expect(event?.id).toBe("created:1345000000000000001");
    expect(event?.message.ref.message).toBe("1345000000000000077");
    expect(event?.message.replyTo).toBeUndefined();
  });
});

describe("nothing is silent", () => {
  const bare = { content: "", attachments: [], mentions: [] };
  const forward = { message_reference: { type: 1 }, message_snapshots: [{ message: { content: "old **news**" } }] };
  const poll = {
    question: { text: "Tea?" },
    answers: [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }],
  };
  test.each([
    ["a sticker", { ...bare, sticker_items: [{ id: "1", name: "wave", format_type: 1 }] }, "(sticker: wave)"],
    ["a poll", { ...bare, poll }, "Poll: Tea? (yes / no)"],
    ["an embed alone", { ...bare, embeds: [{ title: "News", url: "https://a.example" }] }, "News\nhttps://a.example"],
    ["nothing we know", bare, "(something that only Discord can show)"],
    ["a forward", { ...bare, ...forward }, "Forwarded:\n> old news"],
    ["a pin", { type: 6, content: "" }, "(pinned a message)"],
    ["somebody new", { type: 7, content: "" }, "(joined the server)"],
    ["an embed beside text", { content: "see", embeds: [{ title: "News" }] }, "see"],
  ])("%s", (_, changes, text) => {
    expect(said(changes)).toBe(text);
  });
  test("a file alone needs no words", () => {
    expect(created({ content: "" })?.message.content.children).toEqual([]);
  });
  test.each([1, 3, 12, 21, 24, 25, 99])("but kind %i is nobody's news", type => {
    expect(created({ type })).toBeUndefined();
    expect(
      toEdited(fixture("message", { type, edited_timestamp: "2025-03-01T12:05:00+00:00" }), { channel }, reading),
    ).toBeUndefined();
  });
});

describe("edits and deletes", () => {
  const at = "2025-03-01T12:05:00.456000+00:00";
  test("an edit is known by its time", () => {
    expect(toEdited(fixture("message", { edited_timestamp: at }), { channel }, reading)).toMatchObject({
      type: "edited",
      id: `edited:1345000000000000001:${at}`,
      ref: { message: "1345000000000000001" },
      at: Date.parse(at),
    });
  });
  test("a preview is no edit", () => {
    expect(toEdited(fixture("message", { embeds: [{ title: "a" }] }), { channel }, reading)).toBeUndefined();
  });
  test("a delete in a thread leads to the same ref", () => {
    expect(toDeleted("5", { channel, thread: "4" }, network, 7)).toEqual({
      type: "deleted",
      id: "deleted:5",
      channel: { network, channel },
      ref: { network, channel, message: "4/5" },
      at: 7,
    });
  });
});
