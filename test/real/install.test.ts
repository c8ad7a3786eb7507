import { tmpdir } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { install } from "./install.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a machine without Python is told in one line what to install", async () => {
  vi.stubEnv("PATH", tmpdir());
  await expect(install()).rejects.toThrow(/^Tests with real servers need Python 3\.10 or newer.*$/);
});
