import type { Author } from "@fanin/core";
import { stripMarks } from "@fanin/core";
import type { MessagePayload } from "./payload.ts";

/**
 * Who wrote a message: the name as the guild shows it where the payload tells, the picture as anybody may fetch it, and
 * the webhook and application it came through.
 */
export function authorOf(message: MessagePayload, cdnUrl: string): Author {
  const { author, member, webhook_id, application_id } = message;
  const via = [webhook_id, application_id].filter(id => id !== undefined);
  return {
    id: author.id,
    name: stripMarks(member?.nick ?? author.global_name ?? author.username),
    avatarUrl: pictureOf(author, cdnUrl),
    ...(via.length > 0 ? { via } : {}),
  };
}

/** https://discord.com/developers/docs/reference#image-formatting */
function pictureOf({ id, avatar }: MessagePayload["author"], cdnUrl: string): string {
  return avatar ? `${cdnUrl}/avatars/${id}/${avatar}.png` : `${cdnUrl}/embed/avatars/${(BigInt(id) >> 22n) % 6n}.png`;
}
