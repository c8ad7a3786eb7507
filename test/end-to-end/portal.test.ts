import type { Adapter } from "@fanin/core";
import type { Entry } from "@fanin/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeReal } from "../real/describe-real.ts";
import type { MatrixUser } from "../real/matrix-user.ts";
import { type Stack, startStack } from "../real/stack.ts";
import { asAppService, asPlainAccount } from "./hub-adapter.ts";
import { type IrcPlace, ircPlace } from "./irc-place.ts";
import { matrixPlace } from "./matrix-place.ts";
import { openScene, type Scene } from "./scene.ts";

interface Mode {
  readonly mode: string;
  readonly nick: string;
  readonly account: (stack: Stack) => MatrixUser | Promise<MatrixUser>;
  readonly adapter: (stack: Stack, account: MatrixUser) => Adapter;
}

const modes: readonly Mode[] = [
  {
    mode: "an application service",
    nick: "relay",
    account: stack => stack.fanin.account,
    adapter: stack => asAppService(stack.synapse, stack.fanin),
  },
  {
    mode: "a plain account",
    nick: "plain",
    account: stack => stack.synapse.addUser("plain"),
    adapter: (stack, account) => asPlainAccount("hub", stack.synapse.url, account),
  },
];

// The bridge's own room is invite-only and takes its one user's lines alone, so that fanin's account is that user.
describeReal("a hub that the bridge made", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  describe.each(modes)("as $mode", ({ nick, account, adapter }) => {
    let scene: Scene;
    let irc: IrcPlace;
    let [adas, ivos]: Entry[] = [];

    beforeAll(async () => {
      const user = await account(stack);
      irc = await ircPlace(stack.irc.port, `#${nick}`, "kim");
      const connection = await stack.heisenbridge.connect(user, nick);
      const roomId = await connection.join(`#${nick}`);
      const hub = matrixPlace({ name: "hub", roomId, reader: user, speakers: [] });
      scene = await openScene({
        hub: { channel: `hub:${roomId}`, private: true },
        adapters: () => ({ hub: adapter(stack, user) }),
        places: [hub, irc],
      });
    });

    afterAll(async () => {
      await scene?.end();
      await irc?.quit();
    });

    test("lines go both ways, under their authors' names", async () => {
      const { slack, discord, gitter } = scene.spokes;
      const kims = await scene.say(irc, "hello from IRC");
      await scene.untilEverywhere();
      for (const place of [slack, discord, gitter]) {
        expect(scene.shown(kims, place)).toMatchObject({ author: "kim", text: kims.text });
      }

      adas = await scene.say(slack, "hello from Slack");
      ivos = await scene.say(gitter, "hello from Gitter");
      await scene.untilEverywhere();
      expect(scene.shown(adas, irc)).toMatchObject({ author: nick, text: `Ada: ${adas.text}` });
      expect(scene.shown(ivos, irc)).toMatchObject({ author: nick, text: `Ivo: ${ivos.text}` });
    });

    test("an edit and a delete follow their messages from before a restart", async () => {
      const { ledger, relay, spokes } = scene;
      if (!adas || !ivos) throw new Error("somebody said nothing");
      const before = irc.lines().length;
      await relay.stop();
      await relay.start();
      await ledger.remove(ivos);
      await ledger.edit(adas, "good morning from Slack");
      await scene.untilEverywhere();
      const kims = await scene.say(irc, "good morning");
      const dans = await scene.say(spokes.discord, "good morning");
      await scene.untilEverywhere();
      const lines = irc.lines().slice(before);
      expect(lines).toHaveLength(3);
      expect(lines).toEqual(expect.arrayContaining([expect.stringContaining("good morning"), kims.text]));
      expect(lines.at(-1)).toBe(`Dan: ${dans.text}`);
    });
  });
});
