import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { serveDemo } from "../../workers/src/demo/serve.ts";
import { launchChromium } from "./chromium.ts";
import { DemoPage } from "./demo-page.ts";

const FOLDER = fileURLToPath(new URL("../../docs/images/", import.meta.url));

const DESK = { width: 1600, height: 1000 };
const PHONE = { width: 390, height: 844 };

/** Takes the README's pictures: `node test/demo/screenshot.ts`. Shrink them with pngquant before they are committed. */
async function takePictures(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const demo = await serveDemo({ print: line => console.log(line) });
  const browser = await launchChromium();
  try {
    const page = await open(browser, demo.url, DESK, "light");
    await converse(new DemoPage(page));
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `${FOLDER}demo.png` });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: `${FOLDER}demo-dark.png` });
    const phone = await open(browser, demo.url, PHONE, "light");
    await phone.getByRole("tab", { name: "Discord" }).click();
    await phone.getByRole("tab", { name: "Discord" }).blur();
    await phone.screenshot({ path: `${FOLDER}demo-phone.png` });
  } finally {
    await browser.close();
    await demo.close();
  }
}

async function open(
  browser: Browser,
  url: string,
  viewport: typeof DESK,
  colorScheme: "light" | "dark",
): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("[data-message]").first().waitFor({ state: "attached" });
  return page;
}

async function converse(demo: DemoPage): Promise<void> {
  await demo.say("slack", "Has anybody moved their roles into a collection?", "Ben");
  await demo.edit("slack", "Has anybody moved", "Has anybody moved their roles into a collection yet?");
  await demo.reply("discord", "moved their roles", "Yes, last week. The FQCN change was most of it", "Dan");
  await demo.say("hub", "Which lint profile do you use?");
  await demo.reply("gitter", "Which lint profile", "production, with two rules switched off", "June");
  await demo.say("slack", "Good idea, thanks!");
  await demo.journeyEnded();
  await demo.field("slack").blur();
}

await takePictures();
