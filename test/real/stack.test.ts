import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal } from "./describe-real.ts";
import { connectIrc, type IrcClient } from "./irc-client.ts";
import type { MatrixUser } from "./matrix-user.ts";
import { isAlive } from "./server-process.ts";
import { type Stack, startStack } from "./stack.ts";
import { waitUntil } from "./wait-until.ts";

describeReal("Synapse, heisenbridge and an IRC server", () => {
  let stack: Stack;
  let ann: MatrixUser;
  let joe: IrcClient;
  let hub: string;

  beforeAll(async () => {
    stack = await startStack();
    ann = await stack.synapse.addUser("ann");
    hub = await ann.createRoom({ preset: "public_chat" });
    joe = await connectIrc({ port: stack.irc.port, nick: "joe", channel: "#hub" });
    const connection = await stack.heisenbridge.connect(stack.owner, "hub");
    await connection.plumb(hub, "#hub");
  });

  afterAll(async () => {
    await joe?.quit();
    await stack?.stop();
  });

  const said = (user: MatrixUser, roomId: string, body: string) =>
    waitUntil(`${body} in the room`, async () =>
      (await user.messages(roomId)).find(message => message.content.body === body),
    );

  test("a line on IRC is read in the hub, from the nick's ghost", async () => {
    joe.say("hello Matrix");
    expect(await said(ann, hub, "hello Matrix")).toMatchObject({ sender: "@irc_lo_joe:localhost" });
    expect(await ann.joinedMembers(hub)).toContain("@irc_lo_joe:localhost");
  });

  test("a room that the bridge made for one user carries that user's lines both ways", async () => {
    const { account } = stack.fanin;
    const connection = await stack.heisenbridge.connect(account, "relay");
    const portal = await connection.join("#portal");
    const kim = await connectIrc({ port: stack.irc.port, nick: "kim", channel: "#portal" });
    expect(await account.state(portal, "m.room.join_rules")).toEqual({ join_rule: "invite" });

    kim.say("hello portal");
    expect(await said(account, portal, "hello portal")).toMatchObject({ sender: "@irc_lo_kim:localhost" });
    await account.send(portal, "hello kim");
    expect(await kim.line("hello kim")).toEqual({ nick: "relay", text: "hello kim" });
    await kim.quit();
  });

  test("a line in the plumbed hub is read on IRC, and an edit of it is one line more", async () => {
    const message = await ann.send(hub, "hello joe");
    await joe.line("<ann> hello joe");
    await ann.edit(hub, message, "hello all of you");
    await ann.send(hub, "that's all");
    await joe.line("<ann> that's all");
    expect(joe.lines().map(line => line.text)).toEqual([
      "<ann> hello joe",
      expect.stringContaining("all of you"),
      "<ann> that's all",
    ]);
  });

  test("the homeserver keeps its messages when it is killed, and IRC is still heard", async () => {
    const before = await ann.send(hub, "before the kill");
    await stack.synapse.kill();
    await stack.synapse.restart();
    expect((await ann.messages(hub)).map(message => message.event_id)).toContain(before);
    joe.say("are you back?");
    await said(ann, hub, "are you back?");
  });

  test("the first in an IRC channel may kick, where the server has operators", async ({ skip }) => {
    skip(!stack.irc.hasOperators, "miniircd has no operators");
    const join = { port: stack.irc.port, channel: "#kick" };
    const first = await connectIrc({ ...join, nick: "first" });
    const second = await connectIrc({ ...join, nick: "second" });
    await first.untilPresent("second");
    first.command("KICK #kick second :enough");
    await first.untilAbsent("second");
    await Promise.all([first.quit(), second.quit()]);
  });

  test("no process is left when the stack is stopped", async () => {
    const { synapse, irc, heisenbridge } = stack;
    const pids = [synapse.pid, irc.pid, heisenbridge.pid];
    expect(pids.filter(isAlive)).toEqual(pids);
    await stack.stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
