import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeLazy } from "./make-lazy.ts";

const native = "native";

/** `require` of a file beside which the package is installed. */
async function withPackage(source: string): Promise<NodeJS.Require> {
  const folder = await mkdtemp(join(tmpdir(), "fanin-lazy-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules", native), { recursive: true });
  await writeFile(join(folder, "node_modules", native, "index.js"), source);
  return createRequire(join(folder, "index.js"));
}

test("a package that can't be loaded fails when it is used, not when it is required", async () => {
  const require = await withPackage("throw new Error('no binary')");
  makeLazy(require, native);
  const got: unknown = require(native);
  expect(() => Reflect.get(Object(got), "encrypt")).toThrow("no binary");
});

test("used, it is the package itself, loaded once", async () => {
  const require = await withPackage("exports.loaded = {};");
  makeLazy(require, native);
  const got: unknown = require(native);
  const loaded: unknown = Reflect.get(Object(got), "loaded");
  expect(loaded).toBeTypeOf("object");
  expect(Reflect.get(Object(got), "loaded")).toBe(loaded);
  expect(require(native)).toEqual({ loaded });
});

test("what is loaded already stays, and what isn't installed is no matter", async () => {
  const require = await withPackage("exports.loaded = {};");
  const before: unknown = require(native);
  makeLazy(require, native);
  makeLazy(require, "not-installed");
  expect(require(native)).toBe(before);
});
