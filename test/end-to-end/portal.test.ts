import type { Adapter } from "@fanin/core";
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

      const adas = await scene.say(slack, "hello from Slack");
      await scene.untilEverywhere();
      expect(scene.shown(adas, irc)).toMatchObject({ author: nick, text: `Ada: ${adas.text}` });
    });

    test("an edit and a delete follow, also of messages from before a restart", async () => {
      const { ledger, relay, spokes } = scene;
      const edited = await scene.say(spokes.discord, "teh bear");
      const removed = await scene.say(spokes.gitter, "not that bear");
      await scene.untilEverywhere();
      const before = irc.lines().length;

      await relay.stop();
      await relay.start();
      await ledger.remove(removed);
      await ledger.edit(edited, "the bear");
      await scene.untilEverywhere();
      await scene.say(irc, "which bear?");
      await scene.say(spokes.slack, "that's all");
      await scene.untilEverywhere();
      expect(irc.lines().slice(before)).toHaveLength(3);
    });
  });
});
