import { stripMarks } from "@fanin/core";
import type { Said } from "@fanin/sandbox";
import { z } from "zod";
import type { MatrixUser } from "../real/matrix-user.ts";
import { createRealPlace, type RealPlace } from "./real-place.ts";

const Profile = z.looseObject({ displayname: z.string() });

const Content = z.looseObject({
  body: z.string(),
  "com.beeper.per_message_profile": Profile.optional(),
  "m.relates_to": z
    .looseObject({
      rel_type: z.string().optional(),
      event_id: z.string().optional(),
      "m.in_reply_to": z.looseObject({ event_id: z.string() }).optional(),
    })
    .optional(),
});
const Edit = z.looseObject({ "m.new_content": Content });

export interface MatrixPlaceOptions {
  readonly name: string;
  readonly roomId: string;
  readonly reader: MatrixUser;
  readonly speakers: readonly MatrixUser[];
}

/** A room on a real homeserver, read and spoken in by accounts that are in it. */
export function matrixPlace({ name, roomId, reader, speakers }: MatrixPlaceOptions): RealPlace {
  const speaker = (id: string): MatrixUser => {
    const found = speakers.find(({ userId }) => userId === id);
    if (!found) throw new Error(`No ${id} speaks in ${roomId}`);
    return found;
  };
  return createRealPlace({
    name,
    people: speakers.map(({ userId }) => ({ id: userId, name: localpart(userId) })),
    canEdit: true,
    read: async () => saidIn(await reader.messages(roomId)),
    say: (person, body, { replyTo } = {}) =>
      speaker(person).send(roomId, {
        msgtype: "m.text",
        body,
        ...(replyTo !== undefined && { "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } }),
      }),
    edit: async (person, id, text) => void (await speaker(person).edit(roomId, id, text)),
    remove: async (person, id) => void (await speaker(person).redact(roomId, id)),
  });
}

type RoomEvents = Awaited<ReturnType<MatrixUser["messages"]>>;

/** What a client shows: edits in their message's place, redacted messages gone. */
function saidIn(events: RoomEvents): Said[] {
  const edits = new Map<string, z.infer<typeof Content>>();
  const said: Said[] = [];
  for (const { content } of events) {
    const edited = Content.safeParse(content).data?.["m.relates_to"];
    const replacement = Edit.safeParse(content).data?.["m.new_content"];
    if (edited?.rel_type === "m.replace" && edited.event_id && replacement) edits.set(edited.event_id, replacement);
  }
  for (const { event_id, sender, content } of events) {
    const original = Content.safeParse(content).data;
    if (!original || original["m.relates_to"]?.rel_type === "m.replace") continue;
    const now = edits.get(event_id) ?? original;
    const profile = now["com.beeper.per_message_profile"];
    const name = profile && stripMarks(profile.displayname);
    const replyTo = original["m.relates_to"]?.["m.in_reply_to"]?.event_id;
    said.push({
      id: event_id,
      author: name ?? localpart(sender),
      relayed: name !== undefined,
      text: withoutName(stripMarks(now.body), name),
      edited: now !== original,
      at: 0,
      ...(replyTo !== undefined && { replyTo }),
    });
  }
  return said;
}

function withoutName(body: string, name: string | undefined): string {
  return name !== undefined && body.startsWith(`${name}: `) ? body.slice(name.length + 2) : body;
}

function localpart(userId: string): string {
  return userId.slice(1, userId.indexOf(":"));
}
