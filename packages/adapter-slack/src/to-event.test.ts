import { readFileSync } from "node:fs";
import { channelRef, NetworkName, type RelayEvent } from "@fanin/core";
import { expect, test } from "vitest";
import { MessageEvent, SlackMessage } from "./payload.ts";
import { type LookUp, toEvent, toHistoryEvent } from "./to-event.ts";

const slack = NetworkName.parse("slack");
const channel = channelRef("slack", "C061EG9SL");
const ann = { name: "Ann", avatarUrl: "https://avatars.example/ann.png" };
const lookUp: LookUp = id => (id === "U061F7AUR" ? ann : undefined);
const refTo = (message: string) => ({ ...channel, message });
const root = refTo("1355517523.000005");

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}
const live = (name: string): RelayEvent | undefined => toEvent(slack, MessageEvent.parse(read(name)), lookUp);
const paragraph = (...children: unknown[]) => ({ type: "root", children: [{ type: "paragraph", children }] });
const text = (value: string) => ({ type: "text", value });

test("reads what a person wrote, with their name and picture", () => {
  expect(live("message")).toEqual({
    type: "created",
    id: "created:1355517523.000005",
    channel,
    cursor: "1355517523.000005",
    message: {
      ref: root,
      author: { id: "U061F7AUR", ...ann },
      content: paragraph(text("hello "), { type: "strong", children: [text("there")] }, text(" 👋")),
      files: [],
      at: 1355517523000,
    },
  });
});

test.each(["thread-reply", "thread-broadcast"])("sets a %s in its thread", name => {
  expect(live(name)).toMatchObject({ type: "created", message: { thread: root, replyTo: root } });
});

test("reads a bot's post that names no user", () => {
  expect(live("bot-message")).toMatchObject({
    message: {
      author: {
        id: "B024BE7LH",
        name: "ci",
        avatarUrl: "https://a.slack-edge.com/48.png",
        via: ["B024BE7LH", "A024BE7LH"],
      },
      content: paragraph(
        text("build "),
        { type: "link", url: "https://ci.example.org/7", children: [text("#7")] },
        text(" is <green>"),
      ),
    },
  });
});

test("names bot, app and bot user of an app's post, so that our own are known", () => {
  expect(live("app-post")).toMatchObject({
    message: { author: { id: "U0BOTUSER", name: "Relay", via: ["B024BE7LH", "A024BE7LH", "U0BOTUSER"] } },
  });
});

test("reads /me as what somebody does", () => {
  expect(live("me-message")).toMatchObject({
    message: { content: paragraph({ type: "emphasis", children: [text("* Ann "), text("waves")] }) },
  });
});

test("describes files, also those that are gone", () => {
  expect(live("file-share")).toMatchObject({
    message: { content: { children: [] }, files: [{ name: "plan.pdf", sizeBytes: 12345 }, { name: "file" }] },
  });
});

test("reads an edit", () => {
  expect(live("message-changed")).toEqual({
    type: "edited",
    id: "edited:1355517523.000005:1355517536.000001",
    channel,
    ref: root,
    author: { id: "U061F7AUR", ...ann },
    content: paragraph(text("Hello, world!")),
    files: [],
    at: 1355517536000,
  });
});

test.each(["message-deleted", "tombstone"])("reads %s as a deletion", name => {
  expect(live(name)).toMatchObject({ type: "deleted", id: "deleted:1355517523.000005", channel, ref: root });
});

test.each(["unfurl", "reply-counter", "channel-join", "message-replied"])("has nothing to tell of %s", name => {
  expect(live(name)).toBeUndefined();
});

test("gives an event the same id from history as live", () => {
  const message = SlackMessage.parse(read("thread-reply"));
  expect(toHistoryEvent(channel, message, lookUp)).toEqual(live("thread-reply"));
});

test("finds the mark of a copy in history", () => {
  const event = toHistoryEvent(channel, SlackMessage.parse(read("history-copy")), lookUp);
  expect(event).toMatchObject({ message: { key: "0123456789abcdef", author: { name: "Bob" } } });
});

test("shows an id where nobody knows the name", () => {
  expect(toEvent(slack, MessageEvent.parse(read("message")), () => undefined)).toMatchObject({
    message: { author: { id: "U061F7AUR", name: "U061F7AUR" } },
  });
});
