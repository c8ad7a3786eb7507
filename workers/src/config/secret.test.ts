import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

test("shows itself to nobody who does not ask", () => {
  const secret = new Secret("xoxb-1");
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { customInspect: false }),
    Object.values(secret).join(),
  ];
  expect(shown.slice(0, 3)).toEqual(["[secret]", '{"secret":"[secret]"}', "[secret]"]);
  expect(shown.join()).not.toContain("xoxb-1");
  expect(secret.reveal()).toBe("xoxb-1");
});
