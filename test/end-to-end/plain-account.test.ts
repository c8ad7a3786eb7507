import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal } from "../real/describe-real.ts";
import { type Stack, startStack } from "../real/stack.ts";
import { asPlainAccount } from "./hub-adapter.ts";
import { type IrcPlace, ircPlace } from "./irc-place.ts";
import { matrixPlace } from "./matrix-place.ts";
import type { RealPlace } from "./real-place.ts";
import { openScene, type Scene } from "./scene.ts";

describeReal("a hub plumbed to IRC and a further Matrix room, each as a plain account", () => {
  let stack: Stack;
  let scene: Scene;
  let hub: RealPlace;
  let room: RealPlace;
  let irc: IrcPlace;

  beforeAll(async () => {
    stack = await startStack();
    const { synapse, heisenbridge, owner } = stack;
    const [ann, gil] = [await synapse.addUser("ann"), await synapse.addUser("gil")];
    const [relay, other] = [await synapse.addUser("relay"), await synapse.addUser("other")];
    const hubId = await ann.createRoom({ preset: "public_chat" });
    const roomId = await gil.createRoom({ preset: "public_chat", room_alias_name: "ansible_ansible" });
    hub = matrixPlace({ name: "hub", roomId: hubId, reader: ann, speakers: [ann] });
    room = matrixPlace({ name: "room", roomId, reader: gil, speakers: [gil] });
    irc = await ircPlace(stack.irc.port, "#hub", "joe");
    const connection = await heisenbridge.connect(owner, "bridge");
    await connection.plumb(hubId, "#hub");
    scene = await openScene({
      hub: { channel: `hub:${hubId}` },
      links: [{ channel: "room:#ansible_ansible:localhost" }],
      adapters: () => ({
        hub: asPlainAccount("hub", synapse.url, relay),
        room: asPlainAccount("room", synapse.url, other),
      }),
      places: [hub, room, irc],
    });
  });

  afterAll(async () => {
    await scene?.end();
    await irc?.quit();
    await stack?.stop();
  });

  test("lines go from everywhere to everywhere, under their authors' names", async () => {
    const { slack, discord, gitter } = scene.spokes;
    const joes = await scene.say(irc, "hello from IRC");
    await scene.untilEverywhere();
    for (const place of [slack, discord, gitter, room]) {
      expect(scene.shown(joes, place)).toMatchObject({ author: "joe", text: joes.text });
    }

    const adas = await scene.say(slack, "hello from Slack");
    const gils = await scene.say(room, "hello from the room");
    const anns = await scene.say(hub, "hello from the hub");
    await scene.untilEverywhere();
    expect(scene.shown(adas, irc).text).toBe(`<relay> Ada: ${adas.text}`);
    expect(scene.shown(gils, irc).text).toBe(`<relay> gil: ${gils.text}`);
    expect(scene.shown(anns, irc).text).toBe(`<ann> ${anns.text}`);
    expect(scene.shown(adas, room)).toMatchObject({ author: "Ada", text: adas.text });
  });

  test("replies, edits and deletes follow, also of messages from before a restart", async () => {
    const { ledger, relay, spokes } = scene;
    const question = await scene.say(room, "who?");
    await scene.untilEverywhere();
    const answer = await scene.say(hub, "me", question);
    await scene.untilEverywhere();
    expect(scene.shown(answer, room).replyTo).toBe(question.id);
    expect(scene.shown(answer, spokes.gitter).replyTo).toBe(scene.shown(question, spokes.gitter).id);

    await relay.stop();
    await relay.start();
    await ledger.edit(question, "who knows?");
    await ledger.remove(answer);
    await scene.untilEverywhere();
    await scene.say(irc, "not me");
    await scene.untilEverywhere();
  });
});
