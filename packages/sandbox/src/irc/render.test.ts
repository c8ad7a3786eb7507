import { describe, expect, it } from "vitest";
import type { Content, MatrixEvent } from "../matrix/event.ts";
import { codesToHtml, htmlToCodes, withoutCodes } from "./formatting.ts";
import { toLines } from "./lines.ts";
import { bridgedNick } from "./nick.ts";
import { type Remembered, renderToIrc } from "./render.ts";

const now = 1_000_000_000;
const remembered: Readonly<Record<string, Remembered>> = {
  $brown: { nick: "Relay[m]", text: "Carol: the quick brown fox jumps", at: now },
  $joe: { nick: "joe", text: "a question", at: now - 60_000 },
  $old: { nick: "Relay[m]", text: "Dave: x", at: now - 6 * 60_000 },
};

function rendered(content: Content, type = "m.room.message") {
  const event: MatrixEvent = {
    type,
    event_id: "$event",
    room_id: "!room",
    sender: "@relay:hs",
    origin_server_ts: now,
    content,
  };
  const message = renderToIrc(event, {
    budget: 400,
    remembered: id => remembered[id],
    fileUrl: mxc => mxc.replace("mxc://", "https://hs/old/"),
  });
  return message && [message.kind, ...message.lines];
}

const text = (body: string) => ({ msgtype: "m.text", body });
const html = (body: string, formatted: string) => ({
  ...text(body),
  format: "org.matrix.custom.html",
  formatted_body: formatted,
});
const edit = (target: string, body: string) => ({
  ...text(`* ${body}`),
  "m.new_content": text(body),
  "m.relates_to": { rel_type: "m.replace", event_id: target },
});
const reply = (target: string, body: string) => ({
  ...text(body),
  "m.relates_to": { "m.in_reply_to": { event_id: target } },
});

describe("a Matrix event on IRC", () => {
  it.each<[string, Content, readonly string[] | undefined]>([
    ["text", text("Carol: hi"), ["privmsg", "Carol: hi"]],
    ["a notice", { ...text("Carol: hi"), msgtype: "m.notice" }, ["notice", "Carol: hi"]],
    ["an emote", { ...text("Carol: waves"), msgtype: "m.emote" }, ["action", "Carol: waves"]],
    ["three lines", text("Carol: 1\n2\n\n3"), ["privmsg", "Carol: 1", "2", "3"]],
    ["four lines", text("Carol: 1\n2\n3\n4"), ["privmsg", "Carol: 1... (full message at <https://hs/old/hs/event>)"]],
    [
      "2,000 characters without a space",
      text(`Carol: ${"x".repeat(2000)}`),
      ["privmsg", "Carol:... (full message at <https://hs/old/hs/event>)"],
    ],
    [
      "known tags",
      html("**a** b", "<strong>a</strong> <em>b</em> <u>c</u>"),
      ["privmsg", "\x02a\x02 \x1db\x1d \x1fc\x1f"],
    ],
    [
      "a link, which it does not know",
      html("see http://x", '<b>see</b> <a href="http://x">x</a>'),
      ["privmsg", "see http://x"],
    ],
    [
      "the profile's fallback",
      html("Carol: **t**", "<strong data-mx-profile-fallback>Carol: </strong><b>t</b>"),
      ["privmsg", "Carol: **t**"],
    ],
    ["a code block", html("a\nb", "<pre><code>a\nb</code></pre>"), ["privmsg", "a", "b"]],
    ["an edit", edit("$brown", "Carol: the quick red fox jumps"), ["privmsg", "s/brown/red/"]],
    ["an edit that changes all", edit("$brown", "no"), ["privmsg", "* no"]],
    ["an edit that adds", edit("$joe", "a question more"), ["privmsg", "* a question more"]],
    ["an edit of something unknown", edit("$gone", "new"), ["privmsg", "* new"]],
    ["a quick reply", reply("$joe", "Carol: yes"), ["privmsg", "joe: Carol: yes"]],
    ["a quick reply with a quote", reply("$joe", "> <@joe:hs> a question\n\nyes"), ["privmsg", "joe: yes"]],
    ["a late reply", reply("$old", "Carol: t"), ["privmsg", '<Relay[m]> "Dave: x" <- Carol: t']],
    ["a reply to something unknown", reply("$gone", "t"), ["privmsg", "t"]],
    [
      "an image",
      { msgtype: "m.image", body: "cat.png", url: "mxc://hs/1" },
      ["action", "uploaded an image: cat.png < https://hs/old/hs/1 >"],
    ],
    ["a poll", { msgtype: "org.example.unknown", body: "?" }, undefined],
  ])("%s", (_, content, lines) => {
    expect(rendered(content)).toEqual(lines);
  });

  it.each(["m.sticker", "m.reaction", "m.room.redaction", "m.room.name"])("shows nothing of %s", type => {
    expect(rendered(text("x"), type)).toBeUndefined();
  });
});

describe("lines", () => {
  it("break between words, and inside a word only where they must", () => {
    expect(toLines("aaa bbb ccc", 7)).toEqual(["aaa bbb", "ccc"]);
    expect(toLines("ääää b", 4)).toEqual(["ää", "ää", "b"]);
    expect(toLines("a\r\n\n b  c", 10)).toEqual(["a", " b  c"]);
  });
});

describe("formatting codes", () => {
  it("stand for the few tags there are", () => {
    expect(htmlToCodes('<b>x</b> <font color="red">y</font> &lt;')).toBe("\x02x\x02 \x0304y\x03 <");
    expect(htmlToCodes("a<br>b")).toBeUndefined();
  });

  it("become well-formed HTML whatever their order", () => {
    expect(codesToHtml("\x02a\x1db\x02c\x0fd\x0304e")).toBe("<b>a<i>b</i></b><i>c</i>de");
    expect(codesToHtml('1 < 2 "\u200b"')).toBe("1 &lt; 2 &quot;&ZeroWidthSpace;&quot;");
    expect(withoutCodes("\x02a\x02 \x0304,01b\x03 c")).toBe("a b c");
  });
});

it("makes nicks of what IRC allows of a name", () => {
  expect(bridgedNick("Relay", () => false)).toBe("Relay[m]");
  expect(bridgedNick("Zoë O'Neil", () => false)).toBe("ZoONeil[m]");
  expect(bridgedNick("2fast", () => false)).toBe("M2fast[m]");
  expect(bridgedNick("Relay", nick => nick === "Relay[m]")).toBe("Relay[m]1");
});
