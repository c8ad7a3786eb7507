import { createMatrixStandIn } from "@fanin/sandbox";
import { z } from "zod";
import { serve } from "./child.ts";

/*
 * The homeserver's side of the Matrix benches, in a process of its own: the stand-in, the people who speak, and the
 * count of what arrives. Arguments: how many pairs of rooms, and the port where the relay listens.
 */

const [pairs, port] = z.tuple([z.coerce.number(), z.coerce.number()]).parse(process.argv.slice(2));
const homeserver = await createMatrixStandIn({ serverName: "hub.test", rateScale: Number.POSITIVE_INFINITY });
const registration = {
  id: "fanin",
  url: `http://127.0.0.1:${port}`,
  as_token: crypto.randomUUID(),
  hs_token: crypto.randomUUID(),
  sender_localpart: "fanin",
  rate_limited: false,
  namespaces: { users: [{ exclusive: true, regex: "@_fanin_.*" }] },
};
const relayUser = "@fanin:hub.test";
homeserver.addAppService(registration);
const ann = homeserver.addUser("Ann").id;
const rooms = Array.from({ length: pairs }, () => [newRoom(), newRoom()] as const);

let said = 0;
let arrived = 0;
let onArrival = (_body: string): void => {};
homeserver.homeserver.listen(({ event }) => {
  if (event.type !== "m.room.message" || event.sender !== relayUser) return;
  arrived += 1;
  onArrival(String(event.content["body"]));
});

serve({ facts, load, idle }, () => homeserver.close());

function newRoom(): string {
  return homeserver.addRoom({ creator: ann });
}

function facts() {
  return { url: homeserver.url, registration, rooms };
}

function say(): number {
  const [room = ""] = rooms[said % pairs] ?? [];
  said += 1;
  const body = `What a stranger says on an ordinary day, in about as many words. #${said}`;
  homeserver.homeserver.send(ann, homeserver.homeserver.room(room), "m.room.message", {
    msgtype: "m.text",
    body,
  });
  return said;
}

/** Says so many things at once; how many arrive a second, from the first said to the last arrived. */
async function load(argument: unknown): Promise<number> {
  const { events, latencyMs } = z.object({ events: z.number(), latencyMs: z.number() }).parse(argument);
  // Nothing but sends is asked of the homeserver meanwhile.
  homeserver.faults.latencyMs = latencyMs;
  const start = performance.now();
  const { promise: done, resolve } = Promise.withResolvers<void>();
  onArrival = () => {
    if (arrived === said) resolve();
  };
  for (let event = 0; event < events; event += 1) say();
  await done;
  const seconds = (performance.now() - start) / 1000;
  homeserver.faults.latencyMs = 0;
  return events / seconds;
}

/** Says something 20 times a second; milliseconds from each until its copy arrived. */
async function idle(argument: unknown): Promise<number[]> {
  const events = z.number().parse(argument);
  const saidAt = new Map<number, number>();
  const took: number[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  onArrival = body => {
    const start = saidAt.get(Number(/#(\d+)$/.exec(body)?.[1]));
    if (start !== undefined) took.push(performance.now() - start);
    if (took.length === events) resolve();
  };
  const timer = setInterval(() => {
    const start = performance.now();
    saidAt.set(say(), start);
    if (saidAt.size === events) clearInterval(timer);
  }, 50);
  await done;
  return took;
}
