import { randomUUID } from "node:crypto";
import { z } from "zod";

const roomEventSchema = z.object({
  event_id: z.string(),
  type: z.string(),
  sender: z.string(),
  state_key: z.string().optional(),
  content: z.looseObject({ body: z.string().optional(), msgtype: z.string().optional() }),
});

/** An event as it stands in a room's timeline now; a redacted one has an empty content. */
type RoomEvent = z.infer<typeof roomEventSchema>;

const V3 = "/_matrix/client/v3";

/** One account on a homeserver, as a test's person or bot uses it. Every call throws with the server's answer if it is refused. */
export interface MatrixUser {
  readonly userId: string;
  readonly accessToken: string;
  /** Any call of the homeserver's APIs that the methods below do not cover; `path` is the whole path with its query. */
  call(method: string, path: string, body?: object): Promise<unknown>;
  createRoom(options?: object): Promise<string>;
  invite(roomId: string, userId: string): Promise<void>;
  join(roomIdOrAlias: string): Promise<string>;
  /** Sends a plain text message, or any content; returns its event id. */
  send(roomId: string, content: string | object): Promise<string>;
  edit(roomId: string, eventId: string, body: string): Promise<string>;
  redact(roomId: string, eventId: string): Promise<string>;
  /** All messages (`m.room.message`) the user may see, oldest first. */
  messages(roomId: string): Promise<RoomEvent[]>;
  state(roomId: string, type: string, stateKey?: string): Promise<unknown>;
  joinedMembers(roomId: string): Promise<string[]>;
}

/** Acts with this token on the homeserver at `url`. */
export function matrixUser(url: string, userId: string, accessToken: string): MatrixUser {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${accessToken}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${userId}: ${method} ${path}: ${response.status} ${answer}`);
    return JSON.parse(answer);
  };
  const room = (roomId: string) => `${V3}/rooms/${encodeURIComponent(roomId)}`;
  const put = async (path: string, content: object) =>
    z.object({ event_id: z.string() }).parse(await call("PUT", `${path}/${randomUUID()}`, content)).event_id;
  const send = (roomId: string, content: string | object) =>
    put(`${room(roomId)}/send/m.room.message`, typeof content === "string" ? text(content) : content);

  return {
    userId,
    accessToken,
    call,
    send,
    createRoom: async options => roomIdOf(await call("POST", `${V3}/createRoom`, options ?? {})),
    invite: async (roomId, invited) => {
      await call("POST", `${room(roomId)}/invite`, { user_id: invited });
    },
    join: async target => roomIdOf(await call("POST", `${V3}/join/${encodeURIComponent(target)}`, {})),
    edit: (roomId, eventId, body) =>
      send(roomId, {
        ...text(`* ${body}`),
        "m.new_content": text(body),
        "m.relates_to": { rel_type: "m.replace", event_id: eventId },
      }),
    redact: (roomId, eventId) => put(`${room(roomId)}/redact/${encodeURIComponent(eventId)}`, {}),
    messages: roomId => messages(from => call("GET", `${room(roomId)}/messages?${query(from)}`)),
    state: (roomId, type, stateKey = "") =>
      call("GET", `${room(roomId)}/state/${type}/${encodeURIComponent(stateKey)}`),
    joinedMembers: async roomId =>
      Object.keys(membersSchema.parse(await call("GET", `${room(roomId)}/joined_members`)).joined),
  };
}

const membersSchema = z.object({ joined: z.record(z.string(), z.unknown()) });
const pageSchema = z.object({ chunk: z.array(roomEventSchema), end: z.string().optional() });

function text(body: string): object {
  return { msgtype: "m.text", body };
}

function roomIdOf(answer: unknown): string {
  return z.object({ room_id: z.string() }).parse(answer).room_id;
}

function query(from: string | undefined): string {
  const filter = JSON.stringify({ types: ["m.room.message"] });
  return new URLSearchParams({ dir: "b", limit: "500", filter, ...(from && { from }) }).toString();
}

async function messages(fetchPage: (from: string | undefined) => Promise<unknown>): Promise<RoomEvent[]> {
  const newestFirst: RoomEvent[] = [];
  let from: string | undefined;
  do {
    const page = pageSchema.parse(await fetchPage(from));
    newestFirst.push(...page.chunk);
    from = page.end;
  } while (from !== undefined);
  return newestFirst.reverse();
}
