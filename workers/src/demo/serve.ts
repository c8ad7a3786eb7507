import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPage, type Page } from "@fanin/sandbox";
import { stopSignal } from "../cli/stop-signal.ts";
import { greet } from "./greetings.ts";
import { watchProgress } from "./progress.ts";
import { createTown, type Town } from "./town.ts";
import { windowsOf } from "./windows.ts";

export interface Demo {
  readonly url: string;
  /** Ends the relay, the page and the stand-ins, and deletes what was stored. */
  close(): Promise<void>;
}

/**
 * Serves the page with five networks and a relay between them, all in this process, and lets a few people greet each
 * other. Rejects if the port is taken; leaves nothing behind then.
 */
export async function serveDemo(options: {
  readonly port?: number;
  readonly print: (line: string) => void;
}): Promise<Demo> {
  const dir = await mkdtemp(join(tmpdir(), "fanin-demo-"));
  const town = await createTown({ store: join(dir, "fanin.db") });
  let page: Page | undefined;
  const ending = new AbortController();
  const close = async (): Promise<void> => {
    ending.abort();
    await page?.close();
    await town.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    page = await openPage(town, options.port);
    await town.relay.start(town.rooms);
    await greet(town.sandbox.places, ending.signal);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  options.print(`fanin demo: Slack, Discord, Gitter, a Matrix hub and IRC on ${page.url}`);
  options.print("All of it runs on this machine and is gone afterwards. Ctrl-C ends it.");
  return { url: page.url, close };
}

/** `fanin demo`: serves until SIGINT or SIGTERM; resolves to the exit code. */
export async function runDemo(options: { readonly port?: number }): Promise<number> {
  const stopped = stopSignal();
  try {
    const demo = await serveDemo({ ...options, print: line => process.stdout.write(`${line}\n`) });
    await stopped;
    await demo.close();
    return 0;
  } catch (thrown) {
    process.stderr.write(`fanin demo: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 1;
  }
}

function openPage({ sandbox, relay }: Town, port: number | undefined): Promise<Page> {
  return createPage({
    windows: windowsOf(sandbox),
    progress: { watch: tell => watchProgress(relay, tell) },
    ...(port !== undefined && { port }),
  });
}
