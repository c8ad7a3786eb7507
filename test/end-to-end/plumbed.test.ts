import type { Entry } from "@fanin/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal } from "../real/describe-real.ts";
import { type Stack, startStack } from "../real/stack.ts";
import { asAppService } from "./hub-adapter.ts";
import { type IrcPlace, ircPlace } from "./irc-place.ts";
import { matrixPlace } from "./matrix-place.ts";
import type { RealPlace } from "./real-place.ts";
import { openScene, type Scene } from "./scene.ts";

/*
 * The bridge lets a few lines onto IRC at once and then one in 1.5 s, so that the tests tell one story of few lines:
 * each goes on with what was said in those before.
 */
describeReal("a hub plumbed to IRC, as an application service", () => {
  let stack: Stack;
  let scene: Scene;
  let hub: RealPlace;
  let irc: IrcPlace;
  let [adas, dans, ivos, anns]: Entry[] = [];

  beforeAll(async () => {
    stack = await startStack();
    const ann = await stack.synapse.addUser("ann");
    const roomId = await ann.createRoom({ preset: "public_chat" });
    hub = matrixPlace({ name: "hub", roomId, reader: ann, speakers: [ann] });
    irc = await ircPlace(stack.irc.port, "#hub", "joe");
    const connection = await stack.heisenbridge.connect(stack.owner, "bridge");
    await connection.plumb(roomId, "#hub");
    const adapters = () => ({ hub: asAppService(stack.synapse, stack.fanin) });
    scene = await openScene({ hub: { channel: `hub:${roomId}` }, adapters, places: [hub, irc] });
  });

  afterAll(async () => {
    await scene?.end();
    await irc?.quit();
    await stack?.stop();
  });

  test("a line said on IRC is read on every other place, under the nick", async () => {
    const { slack, discord, gitter } = scene.spokes;
    const line = await scene.say(irc, "hello from IRC");
    await scene.untilEverywhere();
    for (const place of [slack, discord, gitter]) {
      expect(scene.shown(line, place)).toMatchObject({ author: "joe", text: line.text, relayed: true });
    }
  });

  test("what is said anywhere is read on every other place once, and on IRC with the name", async () => {
    const { slack, discord, gitter } = scene.spokes;
    adas = await scene.say(slack, "hello from Slack");
    dans = await scene.say(discord, "hello from Discord");
    ivos = await scene.say(gitter, "hello from Gitter");
    anns = await scene.say(hub, "hello from the hub");
    await scene.untilEverywhere();
    expect(scene.shown(adas, irc).text).toBe(`<fanin> Ada: ${adas.text}`);
    expect(scene.shown(dans, irc).text).toBe(`<fanin> Dan: ${dans.text}`);
    expect(scene.shown(ivos, irc).text).toBe(`<fanin> Ivo: ${ivos.text}`);
    expect(scene.shown(anns, irc).text).toBe(`<ann> ${anns.text}`);
    for (const place of [slack, gitter, hub]) expect(scene.shown(dans, place).author).toBe("Dan");
  });

  test("a reply answers the same message on every place that can say so", async () => {
    const { slack, discord, gitter } = scene.spokes;
    if (!adas) throw new Error("Ada said nothing");
    const reply = await scene.say(gitter, "welcome", adas);
    await scene.untilEverywhere();
    for (const place of [slack, hub]) {
      expect(scene.shown(reply, place).replyTo).toBe(scene.shown(adas, place).id);
    }
    // A webhook can't answer, so that Discord's copy names whom it answers.
    expect(scene.shown(reply, discord).text).toContain("Ada");
    expect(scene.shown(reply, irc).text).toBe(`<fanin> Ivo: ${reply.text}`);
  });

  test("an edit is one further line on IRC, a delete is none, also of messages from before a restart", async () => {
    const { ledger, relay } = scene;
    if (!adas || !dans || !ivos || !anns) throw new Error("somebody said nothing");
    const before = irc.lines().length;
    await ledger.edit(dans, "good morning from Discord");
    await ledger.remove(anns);
    await scene.untilEverywhere();

    await relay.stop();
    await relay.start();
    await ledger.edit(ivos, "good morning from Gitter");
    await ledger.remove(adas);
    await scene.untilEverywhere();

    const last = await scene.say(hub, "good morning");
    await scene.untilEverywhere();
    expect(irc.lines().slice(before)).toEqual([
      expect.stringContaining("good morning from Discord"),
      expect.stringContaining("good morning from Gitter"),
      `<ann> ${last.text}`,
    ]);
  });

  test("nothing comes twice, to the end of all that is said", async () => {
    // Whatever a copy were to cause comes before what is said after it.
    for (const place of [irc, scene.spokes.slack]) await scene.say(place, `the end of ${place.name}`);
    await scene.untilEverywhere();
  });
});
