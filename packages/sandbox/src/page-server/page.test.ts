import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Progress } from "./journey.ts";
import { createPage, type Page } from "./page.ts";
import { MemoryPlace } from "./place.fixture.ts";
import type { Journey, LiveEvent } from "./wire.ts";

const accepted = z.object({ id: z.string() });
const refusal = z.object({ error: z.string() });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A page over two places and a third behind the second, and what its live stream said so far. */
async function openPage() {
  const places = {
    slack: new MemoryPlace("slack", ["Ada"]),
    hub: new MemoryPlace("hub", ["Ella"]),
    irc: new MemoryPlace("irc", ["gwen"], false),
  };
  let tell = (_: Progress): void => {};
  const page = await createPage({
    windows: [
      { place: places.slack, look: "slack", title: "Slack", channel: "#a" },
      { place: places.hub, look: "matrix", title: "Hub", channel: "#a:b" },
      { place: places.irc, look: "irc", title: "IRC", channel: "#a", behind: "hub" },
    ],
    progress: {
      watch: callback => {
        tell = callback;
        return () => {};
      },
    },
  });
  open.push(page);
  const events = await listen(page);
  return { places, page, events, tell: (step: Progress) => tell(step), journey: () => lastJourney(events) };
}

async function listen(page: Page): Promise<LiveEvent[]> {
  const events: LiveEvent[] = [];
  const response = await fetch(`${page.url}api/live`);
  const read = async (): Promise<void> => {
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      events.push(...parts.map(part => JSON.parse(part.replace(/^data: /, ""))));
    }
  };
  void read().catch(() => undefined); // ends with the page
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(0));
  return events;
}

function lastJourney(events: readonly LiveEvent[]): Journey | undefined {
  return events.findLast(event => event.type === "journey")?.journey;
}

function post(page: Page, what: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${page.url}api/${what}`, { method: "POST", body: JSON.stringify(body), headers });
}

describe("the page's server", () => {
  it("begins the stream with all windows, then tells each change", async () => {
    const { places, events } = await openPage();
    expect(events[0]).toMatchObject({
      type: "windows",
      windows: [{ name: "slack" }, { name: "hub" }, { name: "irc" }],
    });
    places.hub.write({ author: "Ada", text: "hello", relayed: true });
    await vi.waitFor(() =>
      expect(events.at(-1)).toMatchObject({ type: "said", name: "hub", said: [{ author: "Ada", text: "hello" }] }),
    );
  });

  it("speaks, edits and removes in a place", async () => {
    const { places, page } = await openPage();
    const answer = await post(page, "say", { place: "slack", person: "ada", text: "one" });
    expect(answer.status).toBe(201);
    const { id } = accepted.parse(await answer.json());
    await post(page, "edit", { place: "slack", person: "ada", id, text: "two" });
    expect(places.slack.said()).toMatchObject([{ id, text: "two", edited: true }]);
    await post(page, "remove", { place: "slack", person: "ada", id });
    expect(places.slack.said()).toEqual([]);
  });

  it("answers a refusal with the network's words and what is malformed with what is wrong", async () => {
    const { page } = await openPage();
    const refused = await post(page, "say", { place: "slack", person: "nobody", text: "one" });
    expect([refused.status, await refused.json()]).toEqual([409, { error: "not_in_channel" }]);
    const malformed = await post(page, "say", { place: "slack", person: "ada" });
    expect(malformed.status).toBe(400);
    expect(refusal.parse(await malformed.json()).error).toContain("text");
  });

  it("listens to its own page alone", async () => {
    const { page, places } = await openPage();
    const answer = await post(
      page,
      "say",
      { place: "slack", person: "ada", text: "x" },
      { origin: "http://evil.example" },
    );
    expect(answer.status).toBe(403);
    expect(places.slack.said()).toEqual([]);
  });

  it("serves its own files and modules, and nothing else", async () => {
    const { page } = await openPage();
    const document = await fetch(page.url);
    expect(document.headers.get("content-security-policy")).toContain("default-src 'none'");
    const paths = [...(await document.text()).matchAll(/(?:href|src)="([^"]+)"|"(\/modules\/[^"]+)"/g)].map(
      ([, a, b]) => a ?? b,
    );
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths)
      expect([path, (await fetch(new URL(String(path), page.url))).status]).toEqual([path, 200]);
    for (const path of ["page/tsconfig.json", "page/..%2Fplace.ts", "modules/zod"]) {
      expect((await fetch(page.url + path)).status).toBe(404);
    }
  });

  it("follows the last message: planned, on disk, delivered, and seen behind a bridge", async () => {
    const { places, page, tell, journey } = await openPage();
    const answer = await post(page, "say", { place: "slack", person: "ada", text: "travel well" });
    const { id } = accepted.parse(await answer.json());
    const about = { change: "created", place: "slack", message: id } as const;
    const at = performance.now() + 10;
    tell({ ...about, stage: "planned", targets: ["hub"], at });
    tell({ ...about, stage: "accepted", targets: ["hub"], at: at + 2 });
    tell({ ...about, stage: "delivered", targets: ["hub"], at: at + 5 });
    places.irc.write({ author: "relay", text: "Ada: travel well", relayed: true });
    const arrived = [
      { place: "irc", state: "seen" },
      { place: "hub", state: "delivered" },
    ];
    await vi.waitFor(() => expect(journey()).toMatchObject({ author: "Ada", text: "travel well", stops: arrived }));
    const { plannedMs = 0, acceptedMs = 0, stops = [] } = journey() ?? {};
    expect(acceptedMs - plannedMs).toBeCloseTo(2);
    expect((stops[1]?.ms ?? 0) - plannedMs).toBeCloseTo(5);
  });

  it("follows what is said behind a bridge, whose own copy is what the relay hears", async () => {
    const { places, page, tell, journey } = await openPage();
    await post(page, "say", { place: "irc", person: "gwen", text: "o/" });
    const message = places.hub.write({ author: "gwen", text: "o/", relayed: true });
    const about = { change: "created", place: "hub", message, at: performance.now() } as const;
    tell({ ...about, stage: "planned", targets: ["slack"] });
    tell({ ...about, stage: "failed", targets: ["slack"], why: "too old" });
    await vi.waitFor(() =>
      expect(journey()).toMatchObject({
        place: "irc",
        stops: [
          { place: "hub", state: "seen" },
          { place: "slack", state: "failed", why: "too old" },
        ],
      }),
    );
  });

  it("names the port that is taken", async () => {
    const { page } = await openPage();
    const port = Number(new URL(page.url).port);
    await expect(createPage({ windows: [], port })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  });

  it("lets go of the places when it is closed", async () => {
    const { page, places } = await openPage();
    await open.pop()?.close();
    expect(places.slack.watchers).toBe(0);
    await expect(fetch(page.url)).rejects.toThrow();
  });
});
