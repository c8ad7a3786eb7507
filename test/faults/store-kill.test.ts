import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  channelKey,
  channelRef,
  createSqliteStore,
  type MessageRef,
  messageRef,
  parseChannel,
  type Store,
} from "@fanin/core";
import { afterEach, beforeEach, expect, test } from "vitest";

const source = channelRef("slack", "C024BE91L");
const hub = channelKey(channelRef("hub", "!room:example.org"));
const lanes = [hub, "discord:290926798626357999"];
const script = fileURLToPath(new URL("./store-process.ts", import.meta.url));

let folder: string;
let path: string;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-kill-"));
  path = join(folder, "fanin.db");
});

afterEach(async () => {
  await Promise.all([...running].map(kill));
  await rm(folder, { recursive: true });
});

/** Another process at the store; `said` is its first word: `open`, or why not. */
async function start(mode: "hold" | "write", round = 0): Promise<{ child: ChildProcess; said: string }> {
  const child = fork(script, [mode, path, String(round)], { execArgv: [] });
  running.add(child);
  const [said] = await once(child, "message");
  return { child, said: String(said) };
}

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** Lets the process write until it has told so many things, then kills it in the middle of the next ones. */
async function killAfter(child: ChildProcess, count: number): Promise<string[]> {
  const told: string[] = [];
  const enough = Promise.withResolvers<void>();
  child.on("message", message => {
    told.push(String(message));
    if (told.length >= count) enough.resolve();
  });
  child.once("exit", () => enough.reject(new Error(`the writer ended by itself: ${told.at(-1)}`)));
  await enough.promise;
  await kill(child);
  return told;
}

/** The messages that still wait in the lane, delivered; only the first may have been sent before. */
async function rest(store: Store, lane: string): Promise<string[]> {
  const found: string[] = [];
  const key = (await store.lanes()).find(waiting => waiting === lane);
  for (let next = key && (await store.next(key)); key && next && "delivery" in next; next = await store.next(key)) {
    if (found.length > 0) expect(next.fresh).toBe(true);
    found.push(next.delivery.source.message);
    await store.commit(key, next.delivery.id, { type: "nothing" }, true);
  }
  return found;
}

test("nothing that was acknowledged is lost, doubled or out of order, whenever the process is killed", async () => {
  const told: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { child, said } = await start("write", round);
    expect(said).toBe("open");
    told.push(...(await killAfter(child, 40 + Math.floor(Math.random() * 60))));
  }
  const accepted = told.filter(line => line.startsWith("accepted ")).map(line => line.slice("accepted ".length));
  expect(accepted.length).toBeGreaterThan(30);

  const store = createSqliteStore({ path });
  await store.open();
  for (const lane of lanes) {
    const waiting = await rest(store, lane);
    expect(waiting).toEqual(waiting.toSorted());
    const copied = async (ref: MessageRef) => (await store.locate(ref, parseChannel(lane))) !== undefined;
    for (const name of accepted) {
      expect([name, waiting.includes(name)]).toEqual([name, !(await copied(messageRef(source, name)))]);
    }
    const committed = told.filter(line => line.startsWith("committed ") && line.endsWith(lane));
    for (const line of committed) {
      const name = line.split(" ")[1] ?? "";
      expect([name, await copied(messageRef(source, name))]).toEqual([name, true]);
    }
  }
  await store.close();
});

test("a full disk refuses, loses nothing, and the store goes on where there is room", async () => {
  const child = spawn("sh", ["-c", 'ulimit -f 600; exec "$0" "$@"', process.execPath, script, "write", path], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(child);
  const told: string[] = [];
  child.on("message", message => told.push(String(message)));
  await once(child, "disconnect");
  expect(told.at(-1)).toContain(`store-full ${path} can't grow`);
  const store = createSqliteStore({ path });
  await store.open();
  for (const line of told.filter(said => said.startsWith("accepted "))) {
    const ref = messageRef(source, line.slice("accepted ".length));
    const event = { room: hub, channel: channelKey(source), eventId: ref.message, deliveries: [] };
    expect([ref.message, (await store.accept(event)).fresh]).toEqual([ref.message, false]);
  }
  await store.close();
});

test("a second process is refused by the first one's pid, and let in once that is killed", async () => {
  const { child, said } = await start("hold");
  expect(said).toBe("open");
  const store = createSqliteStore({ path });
  await expect(store.open()).rejects.toMatchObject({
    code: "store-in-use",
    message: `${path} is in use by process ${child.pid}: stop it first, or name another file as the store.`,
  });
  await kill(child);
  await store.open();
  await store.close();
});

test("of several that start together one gets the store", async () => {
  const started = await Promise.all([start("hold"), start("hold"), start("hold")]);
  const said = started.map(starter => starter.said.split(" ")[0]);
  expect(said.toSorted()).toEqual(["open", "store-in-use", "store-in-use"]);
});
