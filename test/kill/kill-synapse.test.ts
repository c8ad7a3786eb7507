import { expect, test } from "vitest";
import { matrixPlace } from "../end-to-end/matrix-place.ts";
import { describeReal } from "../real/describe-real.ts";
import { freePort } from "../real/free-port.ts";
import { faninRegistration } from "../real/stack.ts";
import { startSynapse } from "../real/synapse.ts";
import { install, RATE_SCALE } from "./installation.ts";
import { report, runKills } from "./kill-run.ts";

// Without an IRC bridge, which would drop and throttle: counted on Synapse and the stand-ins.
describeReal("with a real homeserver as the hub", () => {
  test("500 messages over 20 kills, and the homeserver killed too: each on every side once, in order", {
    timeout: 300_000,
  }, async () => {
    const port = await freePort();
    const registration = faninRegistration(port);
    await using cleanUp = new AsyncDisposableStack();
    const synapse = cleanUp.adopt(await startSynapse({ appServices: [registration] }), server => server.stop());
    const speakers = [await synapse.addUser("ella"), await synapse.addUser("finn")] as const;
    const roomId = await speakers[0].createRoom({ preset: "public_chat" });
    await speakers[1].join(roomId);
    const hub = matrixPlace({ name: "hub", roomId, reader: speakers[0], speakers });

    const other = { homeserver: synapse.url, registration, listen: `127.0.0.1:${port}`, channel: roomId };
    const installation = cleanUp.adopt(await install(other.listen, other), ({ remove }) => remove());
    const { program, sandbox, storePath } = installation;
    const places = [...sandbox.places.filter(({ name }) => name !== "hub" && name !== "irc"), hub];
    const atHalf = async (): Promise<void> => {
      await synapse.kill();
      await synapse.restart();
    };
    const run = { places, program, storePath, messages: 500, kills: 20, refresh: () => hub.refresh(), atHalf };
    const outcome = await runKills(run);
    report(`Synapse restarted once · rates × ${RATE_SCALE} · kills 20`, outcome);
    expect(outcome.audit).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, faults: [] });
  });
});
