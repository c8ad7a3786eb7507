import { once } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Place } from "../place.ts";
import { createActions } from "./actions.ts";
import { createAssets } from "./assets.ts";
import { Follower, type Progress } from "./journey.ts";
import { coalesce, endOf, Live } from "./live.ts";
import type { Journey, LiveEvent, Look, WindowView } from "./wire.ts";

/** One place on the page. */
export interface PageWindow {
  /** Its name is unique on the page. */
  readonly place: Place;
  readonly look: Look;
  readonly title: string;
  /** As people call it: `#ansible`. */
  readonly channel: string;
  /** The name of the place that a bridge joins it to, where nobody relays to it directly. */
  readonly behind?: string;
}

export interface PageOptions {
  /** From left to right. */
  readonly windows: readonly PageWindow[];
  /** On 127.0.0.1; a free one unless given. */
  readonly port?: number;
  /** Tells the page how far messages have come; returns how to stop. Without it the page shows the places alone. */
  readonly progress?: { watch(tell: (step: Progress) => void): () => void };
}

export interface Page {
  readonly url: string;
  /** Cuts the browsers off; resolves when the port is free. The places stay. */
  close(): Promise<void>;
}

/**
 * Serves a page on 127.0.0.1 with a window for each place, to talk through them and watch messages travel. It knows
 * nothing of who relays. Rejects if the port is taken.
 */
export async function createPage(options: PageOptions): Promise<Page> {
  const { windows, port = 0, progress } = options;
  const places = new Map(windows.map(({ place }) => [place.name, place]));
  const behind = new Map(windows.flatMap(each => (each.behind === undefined ? [] : [[each.place.name, each.behind]])));
  const live = new Live();
  const journeys = coalesce(() => {
    if (follower.journey) live.tell({ type: "journey", journey: follower.journey });
  });
  const follower = new Follower(places, behind, journeys.changed);

  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening").catch(cause => {
    throw new Error(`port ${port} on 127.0.0.1 is taken: end what listens there, or choose another`, { cause });
  });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : port}`;
  const stops = [
    progress?.watch(step => follower.progressed(step)),
    journeys.stop,
    ...windows.map(each => follow(each.place, live, follower)),
  ];
  server.on("request", getRequestListener(createApp({ host, windows, live, places, follower }).fetch));
  return {
    url: `http://${host}/`,
    async close() {
      for (const stop of stops) stop?.();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Tells everybody of a place's changes; returns how to stop. */
function follow(place: Place, live: Live, follower: Follower): () => void {
  const { changed, stop } = coalesce(() => live.tell({ type: "said", name: place.name, said: endOf(place.said()) }));
  const unwatch = place.watch(() => {
    follower.looked(place.name);
    changed();
  });
  return () => {
    unwatch();
    stop();
  };
}

interface Served {
  readonly host: string;
  readonly windows: readonly PageWindow[];
  readonly live: Live;
  readonly places: ReadonlyMap<string, Place>;
  readonly follower: Follower;
}

function createApp({ host, windows, live, places, follower }: Served): Hono {
  const app = new Hono();
  // Other sites that a browser has open must not speak here, nor under another name for this address.
  app.use(async (c, next) => {
    const origin = c.req.header("origin");
    const isOurs = c.req.header("host") === host && (origin === undefined || origin === `http://${host}`);
    return isOurs ? next() : c.text(`this page is http://${host}/`, 403);
  });
  app.get("/api/live", c =>
    streamSSE(c, async stream => {
      const send = (event: LiveEvent): void => void stream.writeSSE({ data: JSON.stringify(event) });
      for (const event of present(windows, follower.journey)) send(event);
      const stop = live.listen(send);
      await new Promise<void>(resolve => stream.onAbort(resolve));
      stop();
    }),
  );
  app.route("/api", createActions(places, follower));
  app.route("/", createAssets());
  return app;
}

function present(windows: readonly PageWindow[], journey: Journey | undefined): LiveEvent[] {
  const now: LiveEvent = { type: "windows", windows: windows.map(viewOf) };
  return journey ? [now, { type: "journey", journey }] : [now];
}

function viewOf({ place, look, title, channel }: PageWindow): WindowView {
  const { name, people, canEdit } = place;
  return { name, look, title, channel, people, canEdit, said: endOf(place.said()) };
}
