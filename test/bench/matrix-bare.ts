import { createServer } from "node:http";
import { Pool } from "undici";
import { serve } from "./child.ts";
import { Facts } from "./matrix-facts.ts";

/*
 * The measure of what fanin costs between Matrix rooms: a minimal application service that sends each message to the
 * other room of its pair, in order, and keeps nothing. What it has in hand is lost with the process.
 */

interface Message {
  readonly type: string;
  readonly sender: string;
  readonly room_id: string;
  readonly content: { readonly body?: string };
}

const [given = ""] = process.argv.slice(2);
const { url, registration, rooms } = Facts.parse(JSON.parse(given));
const pool = new Pool(url, { connections: 100, pipelining: 1 });
const headers = { authorization: `Bearer ${registration.as_token}`, "content-type": "application/json" };
const others = new Map(rooms.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]));
const lanes = new Map<string, Promise<void>>();
let self = "";
let transaction = 0;

const call = async (method: "GET" | "POST" | "PUT", path: string, body?: object): Promise<unknown> => {
  const answer = await pool.request({ method, path, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return answer.body.json();
};

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const { events }: { events: Message[] } = JSON.parse(Buffer.concat(pieces).toString());
    for (const event of events ?? []) relay(event);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});

function relay({ type, sender, room_id, content }: Message): void {
  const room = others.get(room_id);
  if (type !== "m.room.message" || sender === self || !room) return;
  transaction += 1;
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/bare${transaction}?user_id=${encodeURIComponent(self)}`;
  const body = { msgtype: "m.text", body: `Ann: ${content.body}` };
  lanes.set(
    room,
    Promise.resolve(lanes.get(room)).then(async () => void (await call("PUT", path, body))),
  );
}

const { hostname, port } = new URL(registration.url);
await new Promise<void>(resolve => server.listen(Number(port), hostname, resolve));
({ user_id: self } = (await call("GET", "/_matrix/client/v3/account/whoami")) as { user_id: string });
for (const room of others.keys()) await call("POST", `/_matrix/client/v3/join/${encodeURIComponent(room)}`, {});

serve({}, async () => {
  await Promise.all(lanes.values());
  server.close();
  server.closeAllConnections();
  await pool.destroy();
});
