import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal } from "./describe-real.ts";
import { connectIrc, type IrcClient } from "./irc-client.ts";
import type { MatrixUser } from "./matrix-user.ts";
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

  test("a line on IRC is read in the hub, from the nick's ghost", async () => {
    joe.say("hello Matrix");
    expect(await said(ann, hub, "hello Matrix")).toMatchObject({ sender: "@irc_lo_joe:localhost" });
    expect(await ann.joinedMembers(hub)).toContain("@irc_lo_joe:localhost");
  });
});
