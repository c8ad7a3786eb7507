import { expect, test } from "vitest";
import { runHeadless } from "../../workers/src/demo/headless.ts";

test("the demo's conversation ends with nothing lost, doubled or out of order", async () => {
  const printed: string[] = [];
  expect([await runHeadless(line => void printed.push(line)), printed.filter(line => line.startsWith("  !"))]).toEqual([
    true,
    [],
  ]);
  expect(printed.at(-1)).toMatch(/^relayed (\d+)\/\1 · lost 0 · doubled 0 · out of order 0$/);
});
