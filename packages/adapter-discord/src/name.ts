import { type Author, encodeMark, type Key, markPlace, shownName } from "@fanin/core";
import { maxWebhookName } from "./capabilities.ts";

const mark = 16;

/**
 * A name that a webhook may speak under, with room for a mark. Discord refuses those that contain its own name or that of
 * its old bot: one letter is replaced by its Cyrillic twin, which looks the same.
 * https://discord.com/developers/docs/resources/webhook#create-webhook
 */
export function speakerName(author: Author): string {
  return shownName(author, maxWebhookName - mark)
    .replaceAll(/(disc)o(rd)/gi, "$1\u043E$2")
    .replaceAll(/(clyd)e/gi, "$1\u0435");
}

/** The name with the copy's mark in it, where trimming cannot reach it. */
export function markedName(name: string, key: Key): string {
  const at = markPlace(name);
  return name.slice(0, at) + encodeMark(key) + name.slice(at);
}
