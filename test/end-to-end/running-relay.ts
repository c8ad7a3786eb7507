import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Adapter, createRelay, createSqliteStore, type Relay, type Report, type Room } from "@fanin/core";
import { waitUntil } from "../real/wait-until.ts";

/** One relay after the other on one database, as a program has them that is stopped and started. */
export interface RunningRelay {
  /** Resolves when every link is active. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when no lane has anything left to do. */
  untilIdle(): Promise<void>;
  /** What went wrong so far and was tried again or given up, for a test that fails. */
  troubles(): readonly string[];
  /** Stops it and removes its database. */
  end(): Promise<void>;
}

/** Makes the database's folder; `adapters` are made anew for each start. */
export async function createRunningRelay(room: Room, adapters: () => Record<string, Adapter>): Promise<RunningRelay> {
  const directory = await mkdtemp(join(tmpdir(), "fanin-end-to-end-"));
  let relay: Relay | undefined;
  const troubles = new Set<string>();

  const stop = async (): Promise<void> => {
    await relay?.stop();
    relay = undefined;
  };
  const statusOf = () => {
    if (!relay) throw new Error("the relay is not running");
    return relay.status();
  };
  return {
    start: async () => {
      relay = createRelay({ store: createSqliteStore({ path: join(directory, "fanin.db") }), adapters: adapters() });
      relay.watch(report => {
        const trouble = troubleIn(report);
        if (trouble !== undefined) troubles.add(trouble);
      });
      await relay.start([room]);
      let states: string[] = [];
      await waitUntil(
        () => `every link is active: ${states.join("; ")}; ${[...troubles].join("; ")}`,
        async () => {
          const { links } = await statusOf();
          states = links.map(link => `${link.name} ${link.state} ${link.finding?.says ?? ""}`);
          return links.length === room.links.length + 1 && links.every(({ state }) => state === "active");
        },
      );
    },
    stop,
    untilIdle: async () => {
      await waitUntil(
        () => `every lane is empty; ${[...troubles].join("; ")}`,
        async () => (await statusOf()).lanes.every(({ waiting, parked }) => waiting + parked === 0),
      );
    },
    troubles: () => [...troubles],
    end: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function troubleIn(report: Report): string | undefined {
  switch (report.type) {
    case "retrying":
      return `${report.what}: ${report.error.message}`;
    case "deferred":
      return `${report.lane} deferred: ${report.error.message}`;
    case "buried":
      return `${report.lane} buried: ${report.reason}`;
    case "lost":
      return `${report.channel} lost: ${report.why}`;
    default:
      return undefined;
  }
}
