import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "workers/src/**/*.test.ts", "test/**/*.test.ts"],
    // Most tests wait for servers and processes: one more worker than a small machine has cores.
    maxWorkers: 3,
    // A test waits for a condition, never for time; these only end one that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: 0,
  },
});
