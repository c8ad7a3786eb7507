import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeReal } from "../real/describe-real.ts";
import { freePort } from "../real/free-port.ts";
import type { MatrixUser } from "../real/matrix-user.ts";
import { faninRegistration } from "../real/stack.ts";
import { type Synapse, startSynapse } from "../real/synapse.ts";
import { openGate } from "./gate.ts";
import { asAppService, asPlainAccount } from "./hub-adapter.ts";
import { matrixPlace } from "./matrix-place.ts";
import type { RealPlace } from "./real-place.ts";
import { openScene, type Scene } from "./scene.ts";

// Without an IRC bridge: what one drops is not ours.
describeReal("a homeserver that is cut off, restarted or not listened to", () => {
  let synapse: Synapse;
  let ann: MatrixUser;
  let listenPort: number;
  let registration: ReturnType<typeof faninRegistration>;
  const cleanUp = new AsyncDisposableStack();
  let scene: Scene | undefined;

  beforeAll(async () => {
    listenPort = await freePort();
    registration = faninRegistration(listenPort);
    synapse = cleanUp.adopt(await startSynapse({ appServices: [registration] }), server => server.stop());
    ann = await synapse.addUser("ann");
  });
  afterAll(() => cleanUp.disposeAsync());

  afterEach(async () => {
    await scene?.end();
    scene = undefined;
  });

  async function hubRoom(): Promise<{ hub: RealPlace; channel: string }> {
    const roomId = await ann.createRoom({ preset: "public_chat" });
    const hub = matrixPlace({ name: "hub", roomId, reader: ann, speakers: [ann] });
    return { hub, channel: `hub:${roomId}` };
  }

  async function asService(): Promise<{ scene: Scene; hub: RealPlace }> {
    const { hub, channel } = await hubRoom();
    const adapters = () => ({ hub: asAppService(synapse, { registration, listenPort }) });
    scene = await openScene({ hub: { channel }, adapters, places: [hub] });
    return { scene, hub };
  }

  /** Each person says so many lines, one after the other, without waiting for the relay. */
  async function talk(where: Scene, places: Scene["places"], rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round += 1) {
      for (const place of places) await where.say(place, `line ${round} of ${place.name}`);
    }
  }

  test("killed and started again in the middle of traffic, it gets and gives everything once and in order", async () => {
    const { scene, hub } = await asService();
    const { slack, discord, gitter } = scene.spokes;
    await talk(scene, scene.places, 5);
    await synapse.kill();
    await talk(scene, [slack, discord, gitter], 5);
    await synapse.restart();
    await talk(scene, scene.places, 5);
    await scene.untilEverywhere();
    expect(hub.said()).toHaveLength(5 * 4 + 5 * 3 + 5 * 4);
  });

  test("what was said, edited and deleted while no relay ran is caught up, everywhere", async () => {
    const { scene, hub } = await asService();
    const { ledger, relay, spokes } = scene;
    const [edited, removed] = [await scene.say(hub, "teh bear"), await scene.say(hub, "oops")];
    await scene.untilEverywhere();
    await relay.stop();
    await talk(scene, scene.places, 5);
    await ledger.edit(edited, "the bear");
    await ledger.remove(removed);
    await relay.start();
    await scene.say(spokes.slack, "back again");
    await scene.untilEverywhere();
  });

  test("a plain account that was cut off reads what its next /sync leaves out", async () => {
    const gate = await openGate(synapse.url);
    const { hub, channel } = await hubRoom();
    const account = await synapse.addUser("relay");
    try {
      const adapters = () => ({ hub: asPlainAccount("hub", gate.url, account) });
      scene = await openScene({ hub: { channel }, adapters, places: [hub] });
      const [edited, removed] = [await scene.say(hub, "teh bear"), await scene.say(hub, "oops")];
      await scene.untilEverywhere();
      gate.close();
      // More than the 100 events that one /sync brings.
      await talk(scene, [hub], 51);
      await scene.ledger.edit(edited, "the bear");
      await scene.ledger.remove(removed);
      await talk(scene, [hub], 51);
      await scene.say(scene.spokes.slack, "is anybody there?");
      gate.open();
      await scene.untilEverywhere();
    } finally {
      await scene?.relay.stop();
      await gate.stop();
    }
  });
});
