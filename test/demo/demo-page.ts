import type { Locator, Page } from "playwright-core";

/** By their names on the page, from left to right. */
export const PLACES = ["slack", "discord", "gitter", "hub", "irc"] as const;
export type PlaceName = (typeof PLACES)[number];
export const EDITABLE = PLACES.filter(place => place !== "irc");

/** What people do on the demo's page. Waits are for conditions and end with playwright's own time limit. */
export class DemoPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  pane(place: PlaceName): Locator {
    return this.page.locator(`[data-place="${place}"]`);
  }

  field(place: PlaceName): Locator {
    return this.pane(place).getByRole("textbox");
  }

  /** The messages of a place that hold the text, in what was said and not in what it answers. */
  messages(place: PlaceName, text: string): Locator {
    const texts = this.page.locator(".text", { hasText: text });
    return this.pane(place).locator("[data-message]").filter({ has: texts });
  }

  /** Says it and waits until it is read in every window. */
  async say(place: PlaceName, text: string, person?: string): Promise<void> {
    if (person !== undefined) await this.pane(place).locator("label", { hasText: person }).click();
    await this.field(place).fill(text);
    await this.field(place).press("Enter");
    await this.arrived(text);
  }

  async reply(place: PlaceName, to: string, text: string, person?: string): Promise<void> {
    await this.act(place, to, "Reply");
    await this.say(place, text, person);
  }

  /** Waits for the windows of networks that know edits; a bridge tells IRC in its own words. */
  async edit(place: PlaceName, from: string, text: string): Promise<void> {
    await this.act(place, from, "Edit");
    await this.field(place).fill(text);
    await this.field(place).press("Enter");
    await this.arrived(text, EDITABLE);
  }

  async remove(place: PlaceName, text: string): Promise<void> {
    await this.act(place, text, "Delete");
    await this.pane(place).getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  }

  async arrived(text: string, places: readonly PlaceName[] = PLACES): Promise<void> {
    await Promise.all(places.map(place => this.messages(place, text).first().waitFor({ state: "attached" })));
  }

  /** Nothing of the last message is on its way any more. */
  async journeyEnded(): Promise<void> {
    await this.page.locator('.arrival[data-state="delivered"]').first().waitFor();
    await this.page.locator('.step[data-state="waiting"]').first().waitFor({ state: "detached" });
  }

  /** By the buttons that appear under the pointer. */
  async act(place: PlaceName, text: string, action: "Reply" | "Edit" | "Delete"): Promise<void> {
    const message = this.messages(place, text).first();
    await message.hover();
    await message.getByRole("button", { name: action }).click();
  }
}
