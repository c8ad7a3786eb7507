import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cached } from "./cache.ts";
import { waitUntil } from "./wait-until.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "fanin-cache-test-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const fillWith = (text: string) =>
  vi.fn(async (directory: string) => {
    await mkdir(directory);
    await writeFile(join(directory, "content"), text);
  });

const read = (directory: string) => readFile(join(directory, "content"), "utf8");

test("an entry is filled once, however many ask for it at once", async () => {
  const fill = fillWith("whole");
  const entries = await Promise.all(Array.from({ length: 5 }, () => cached("servers", ["a==1"], fill)));
  expect(new Set(entries).size).toBe(1);
  expect(fill).toHaveBeenCalledTimes(1);
});

test("another pin is another entry", async () => {
  const one = await cached("servers", ["a==1"], fillWith("one"));
  const two = await cached("servers", ["a==2"], fillWith("two"));
  expect([await read(one), await read(two)]).toEqual(["one", "two"]);
});

test("an entry whose filling failed is filled anew", async () => {
  const failing = async (directory: string) => {
    await fillWith("half")(directory);
    throw new Error("no network");
  };
  await expect(cached("servers", ["a==1"], failing)).rejects.toThrow("no network");
  expect(await read(await cached("servers", ["a==1"], fillWith("whole")))).toBe("whole");
});

test("an entry whose filling process was killed is filled anew", async () => {
  const program = `
    import { mkdir, writeFile } from "node:fs/promises";
    import { cached } from ${JSON.stringify(new URL("cache.ts", import.meta.url).href)};
    setInterval(() => {}, 1000);
    await cached("servers", ["a==1"], async directory => {
      await mkdir(directory);
      await writeFile(directory + "/content", "half");
      await new Promise(() => {});
    });`;
  const filler = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
  const begun = async () =>
    (await readdir(join(home, "fanin")).catch(() => [])).some(name => name.endsWith(".partial"));
  await waitUntil("the other process fills", begun);
  const ours = cached("servers", ["a==1"], fillWith("whole"));
  const ended = once(filler, "exit");
  filler.kill("SIGKILL");
  await ended;
  expect(await read(await ours)).toBe("whole");
});
