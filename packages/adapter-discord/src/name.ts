import { encodeMark, type Key, stripMarks } from "@fanin/core";
import { maxWebhookName } from "./capabilities.ts";

const mark = 16;

/**
 * A name that a webhook may speak under, with room for a mark. Discord refuses those that contain its own name or that of
 * its old bot: one letter is replaced by its Cyrillic twin, which looks the same.
 * https://discord.com/developers/docs/resources/webhook#create-webhook
 */
export function speakerName(name: string): string {
  const plain = stripMarks(name)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replaceAll(/(disc)o(rd)/gi, "$1\u043E$2")
    .replaceAll(/(clyd)e/gi, "$1\u0435");
  return cut(plain === "" ? "?" : plain, maxWebhookName - mark);
}

/** The name with the copy's mark after its first character, where trimming cannot reach it. */
export function markedName(name: string, key: Key): string {
  const [first = ""] = name;
  return first + encodeMark(key) + name.slice(first.length);
}

/** The longest beginning that does not part a character. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let out = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (out.length + segment.length > length - 1) break;
    out += segment;
  }
  return `${out}…`;
}
