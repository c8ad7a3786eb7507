import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelKey, channelRef, createSqliteStore, Key, messageRef, plainContent, type Store } from "@fanin/core";

const LANES = 100;
const EVENTS = Number(process.argv[2] ?? 20_000);

const hubs = Array.from({ length: LANES }, (_, room) => channelRef("hub", `!room${room}AbCdEfGh:example.org`));
const spokes = Array.from({ length: LANES }, (_, room) => channelRef("slack", `C${room}`));
const source = channelRef("discord", "290926798626357999");
const saying = { content: plainContent("What a stranger says on an ordinary day, in about as many words."), files: [] };
const author = { id: "U0123456789", name: "A Stranger", avatarUrl: "https://example.org/a/stranger.png" };
let keys = 0;

/** One event with two deliveries: accepted, then committed by whoever holds the two lanes. */
async function relay(store: Store, event: number): Promise<void> {
  const targets = [hubs, spokes].flatMap(channels => channels[event % LANES] ?? []);
  const ref = messageRef(source, `1${event}`);
  await store.accept({
    room: channelKey(targets[0] ?? source),
    channel: channelKey(source),
    eventId: `created:${event}`,
    deliveries: targets.map(target => ({ lane: channelKey(target), kind: "created", source: ref, saying, author })),
    message: { ref, authorId: author.id, author: author.name, hash: "MTIzNDU2Nzg5MDEyMzQ1Ng" },
  });
}

/** Empties the lane of `channel`; copies are named by their order. */
async function drain(store: Store, channel: (typeof hubs)[number], count: number): Promise<void> {
  const lane = channelKey(channel);
  const next = await store.next(lane);
  let delivery = next && "delivery" in next ? next.delivery : undefined;
  for (let done = 0; done < count && delivery; done += 1) {
    keys += 1;
    const copy = { ref: messageRef(channel, `$copy-of-some-message-${keys}`), handle: "relay" };
    const key = Key.parse(keys.toString(16).padStart(16, "0"));
    delivery = await store.commit(lane, delivery.id, { type: "copy", part: 0, copy, key }, true);
  }
}

const folder = await mkdtemp(join(tmpdir(), "fanin-store-bench-"));
const store = createSqliteStore({ path: join(folder, "bench.db") });
await store.open();
const perLane = Math.floor(EVENTS / LANES);
const rounds: number[] = [];
for (let round = 0; round < 5; round += 1) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const events = perLane * LANES;
  // As many accepts under way as a busy relay has; lanes are drained meanwhile.
  for (let first = 0; first < events; first += LANES * 10) {
    const window = Array.from({ length: Math.min(LANES * 10, events - first) }, (_, index) =>
      relay(store, round * events + first + index),
    );
    await Promise.all(window);
    await Promise.all([...hubs, ...spokes].map(channel => drain(store, channel, Number.POSITIVE_INFINITY)));
  }
  const seconds = (performance.now() - start) / 1000;
  rounds.push(events / seconds);
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `round ${round + 1}: ${Math.round(events / seconds)} events/s (1 accept + 2 commits each), ` +
      `${((user + system) / 1e6 / seconds).toFixed(2)} cores, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
  );
}
await store.close();
await rm(folder, { recursive: true });
console.log(JSON.stringify({ eventsPerSecond: Math.round(Math.max(...rounds)), lanes: 2 * LANES }));
