import { expect, test } from "vitest";
import { freePort } from "../real/free-port.ts";
import { install, RATE_SCALE } from "./installation.ts";
import { report, runKills } from "./kill-run.ts";

test("500 messages over 20 kills: each on every side once, in order", { timeout: 300_000 }, async () => {
  const { program, remove, sandbox, storePath } = await install(`127.0.0.1:${await freePort()}`);
  try {
    const outcome = await runKills({ places: sandbox.places, program, storePath, messages: 500, kills: 20 });
    report(`stand-ins · rates × ${RATE_SCALE} · kills 20`, outcome);
    expect(outcome.audit).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, faults: [] });
  } finally {
    await remove();
  }
});
