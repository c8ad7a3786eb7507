export type { Progress } from "./journey.ts";
export { createPage, type Page, type PageOptions, type PageWindow } from "./page.ts";
export type { Change, Look } from "./wire.ts";
