import { channelKey, channelRef, createSqliteStore, Key, messageRef, plainContent, RelayError } from "@fanin/core";

// Run as a process of its own, to be killed: `store-process.ts hold|write <path> <round>`. Tells its parent what the
// store has acknowledged, and nothing else.
const [, , mode, path = "", round = "0"] = process.argv;
const source = channelRef("slack", "C024BE91L");
const targets = [channelRef("hub", "!room:example.org"), channelRef("discord", "290926798626357999")];

function tell(message: string): void {
  process.send?.(message);
}

const store = createSqliteStore({ path });
try {
  await store.open();
  tell("open");
  process.on("disconnect", () => process.exit());
  if (mode === "write") await Promise.all([say(), ...targets.map(deliver)]);
} catch (error) {
  tell(error instanceof RelayError ? `${error.code} ${error.message}` : String(error));
  process.exitCode = 1;
  process.disconnect();
}

/** Accepts messages for both targets for as long as it lives, a few at once. */
async function say(): Promise<void> {
  for (let first = 0; ; first += 5) {
    const window = [0, 1, 2, 3, 4].map(async offset => {
      const name = `${round}.${String(first + offset).padStart(6, "0")}`;
      const saying = { content: plainContent(name), files: [] };
      const deliveries = targets.map(target => ({
        lane: channelKey(target),
        kind: "created" as const,
        source: messageRef(source, name),
        saying,
      }));
      const room = channelKey(targets[0] ?? source);
      await store.accept({ room, channel: channelKey(source), eventId: name, deliveries });
      tell(`accepted ${name}`);
    });
    await Promise.all(window);
  }
}

/** Commits what comes for one target for as long as it lives. */
async function deliver(target: (typeof targets)[number]): Promise<void> {
  const lane = channelKey(target);
  for (;;) {
    const next = await store.next(lane);
    if (!next || !("delivery" in next)) {
      await new Promise(setImmediate);
      continue;
    }
    const { id, source } = next.delivery;
    const copy = { ref: messageRef(target, `copy of ${source.message}`), handle: "" };
    await store.commit(lane, id, { type: "copy", part: 0, copy, key: Key.parse(id.slice(0, 16)) }, true);
    tell(`committed ${source.message} ${lane}`);
  }
}
