import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createPage } from "../../packages/sandbox/src/index.ts";
import { MemoryPlace } from "../../packages/sandbox/src/page-server/place.fixture.ts";
import { type Demo, serveDemo } from "../../workers/src/demo/serve.ts";
import { launchChromium } from "./chromium.ts";
import { DemoPage, EDITABLE, PLACES } from "./demo-page.ts";

let demo: Demo;
let browser: Browser;
const troubles: string[] = [];

beforeAll(async () => {
  [browser, demo] = await Promise.all([launchChromium(), serveDemo({ print: () => undefined })]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(troubles.splice(0)).toEqual([]);
});

/** Opens the page; what goes wrong in it or leaves this machine fails the test. */
async function open(options: BrowserContextOptions = {}): Promise<DemoPage> {
  const opened = await openAt(demo.url, options);
  await opened.pane("irc").locator("[data-message]").first().waitFor({ state: "attached" });
  return opened;
}

async function openAt(url: string, options: BrowserContextOptions = {}): Promise<DemoPage> {
  const context = await browser.newContext({
    viewport: { width: 1600, height: 1000 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("console", message => message.type() === "error" && troubles.push(`console: ${message.text()}`));
  page.on("pageerror", error => troubles.push(`thrown: ${error.message}`));
  page.on("request", request => {
    if (!request.url().startsWith(url)) troubles.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return new DemoPage(page);
}

describe("the demo's page in a browser", () => {
  it.each(PLACES)("reads in the four others what is typed on %s", async place => {
    const page = await open();
    await page.say(place, `hello from ${place}`);
    for (const each of PLACES) expect(await page.messages(each, `hello from ${place}`).count()).toBe(1);
    await page.journeyEnded();
    const arrivals = await page.page.locator(".arrival").count();
    expect(arrivals).toBe(PLACES.length - 1);
  });

  it.each(EDITABLE)("lets edits and deletes on %s follow", async place => {
    const page = await open();
    const others = EDITABLE.filter(each => each !== place);
    await page.say(place, `first thought on ${place}`);
    await page.edit(place, `first thought on ${place}`, `second thought on ${place}`);
    for (const each of others) {
      await page.messages(each, `first thought on ${place}`).waitFor({ state: "detached" });
      expect(await page.messages(each, `second thought on ${place}`).count()).toBe(1);
    }
    await page.remove(place, `second thought on ${place}`);
    for (const each of EDITABLE) await page.messages(each, `second thought on ${place}`).waitFor({ state: "detached" });
    expect(await page.messages("irc", `first thought on ${place}`).count()).toBe(1);
  });

  it("offers neither edit nor delete on IRC, nor for other people's messages", async () => {
    const page = await open();
    await page.say("irc", "said is said");
    const buttons = page.messages("irc", "said is said").getByRole("button", { includeHidden: true });
    expect(await buttons.evaluateAll(all => all.map(each => each.getAttribute("aria-label")))).toEqual(["Reply (R)"]);
    const copy = page.messages("slack", "said is said").getByRole("button", { includeHidden: true });
    expect(await copy.count()).toBe(1);
    await page.field("irc").press("ArrowUp");
    expect(await page.pane("irc").getByText("Editing").count()).toBe(0);
  });

  it("shows what a message answers, wherever the network can", async () => {
    const page = await open();
    await page.say("slack", "who answers this?");
    await page.reply("discord", "who answers this?", "somebody on Discord does");
    for (const place of ["discord", "gitter", "hub"] as const) {
      const answered = page.messages(place, "somebody on Discord does").locator(".answered");
      expect(await answered.textContent()).toContain("who answers this?");
    }
  });

  it("speaks as whoever is chosen", async () => {
    const page = await open();
    await page.say("gitter", "June speaks", "June");
    const author = page.messages("discord", "June speaks").locator(".author");
    expect(await author.textContent()).toBe("June");
  });

  it("does everything by keyboard", async () => {
    const page = await open();
    const { keyboard } = page.page;
    const focused = page.page.locator(":focus");
    await page.field("hub").focus();
    await keyboard.type("typed, line one");
    await keyboard.press("Shift+Enter");
    await keyboard.type("line two");
    await keyboard.press("Enter");
    await page.arrived("line two");
    await keyboard.press("ArrowUp");
    expect(await page.field("hub").inputValue()).toBe("typed, line one\nline two");
    await page.field("hub").fill("typed, and better");
    await keyboard.press("Enter");
    await page.messages("slack", "typed, and better").waitFor();
    await keyboard.press("Shift+Tab"); // whom to speak as
    await keyboard.press("Shift+Tab"); // the messages
    expect(await focused.textContent()).toContain("typed, and better");
    await keyboard.press("r");
    await keyboard.type("an answer to it");
    await keyboard.press("Enter");
    await page.arrived("an answer to it");
    await page.messages("hub", "an answer to it").focus();
    await keyboard.press("ArrowUp");
    expect(await focused.locator(".text").textContent()).toContain("typed, and better");
    await keyboard.press("Delete");
    await page.pane("hub").getByRole("alertdialog").waitFor();
    await keyboard.press("Escape");
    await page.pane("hub").getByRole("alertdialog").waitFor({ state: "detached" });
    await keyboard.press("Delete");
    await keyboard.press("Enter");
    for (const place of EDITABLE) await page.messages(place, "typed, and better").waitFor({ state: "detached" });
  });

  it("stays where somebody scrolled to, and says what is new", async () => {
    const page = await open({ viewport: { width: 1600, height: 480 } });
    await page.say("slack", "said at the end");
    const log = page.pane("slack").getByRole("log");
    const toEnd = () => log.evaluate(each => each.scrollHeight - each.scrollTop - each.clientHeight);
    await log.hover();
    await page.page.mouse.wheel(0, -600);
    const chip = page.pane("slack").getByRole("button", { name: "new message" });
    await expect.poll(toEnd).toBeGreaterThan(100);
    await page.say("discord", "meanwhile");
    await chip.click();
    await chip.waitFor({ state: "detached" });
    await expect.poll(toEnd).toBeLessThan(2);
  });

  it("shows a refusal in the network's words and keeps the text", async () => {
    const page = await open();
    await page.page.route("**/api/say", route => route.fulfill({ status: 409, json: { error: "is_archived" } }));
    await page.field("slack").fill("does not get through");
    await page.field("slack").press("Enter");
    await page.page.getByRole("alert").getByText("Slack: is_archived").waitFor();
    await expect.poll(() => page.field("slack").inputValue()).toBe("does not get through");
    troubles.length = 0; // the browser logs the 409
  });

  it("shows one window at a time on a phone, and marks the others when there is something new", async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const tab = (name: string) => page.page.getByRole("tab", { name });
    expect(await page.pane("slack").isVisible()).toBe(true);
    expect(await page.pane("discord").isVisible()).toBe(false);
    await page.say("slack", "from a phone");
    await tab("Discord new messages").tap();
    expect(await page.pane("slack").isVisible()).toBe(false);
    await page.messages("discord", "from a phone").tap();
    await page.messages("discord", "from a phone").getByRole("button", { name: "Reply" }).tap();
    await page.pane("discord").getByText("Replying to").waitFor();
    await tab("Discord").press("ArrowRight");
    expect(await page.pane("gitter").isVisible()).toBe(true);
    const overflow = await page.page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBe(0);
  });

  it("comes back by itself when its server does, with the draft kept", async () => {
    const place = new MemoryPlace("slack", ["Ada"]);
    const window = { place, look: "slack", title: "Slack", channel: "#a" } as const;
    const first = await createPage({ windows: [window] });
    const page = await openAt(first.url);
    await page.pane("slack").getByText("Nothing said yet").waitFor();
    await page.field("slack").fill("half a thought");
    await first.close();
    await page.page.getByRole("status").getByText("Connection lost").waitFor();
    place.write({ author: "Ben", text: "said meanwhile", relayed: true });
    const second = await createPage({ windows: [window], port: Number(new URL(first.url).port) });
    try {
      await page.messages("slack", "said meanwhile").waitFor();
      await page.page.getByRole("status").getByText("Live").waitFor();
      expect(await page.field("slack").inputValue()).toBe("half a thought");
    } finally {
      await second.close();
    }
    await page.page.context().close();
    troubles.length = 0; // the browser logs the refused connections
  });
});
