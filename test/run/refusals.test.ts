import { expect, test } from "vitest";
import { village } from "./each-village.ts";
import { type Program, startProgram } from "./program.ts";
import type { Changes } from "./village.ts";

async function run(changes: Changes = {}, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = startProgram(["run", "-c", await village.configure(changes)], { env: { ...village.env, ...env } });
  await program.hear(/channels active/);
  return program;
}

/** All that is said of what was refused. */
function refusals(program: Program): string[] {
  return program.said().filter(line => /failed:|refused/.test(line));
}

const WRONG = "a-token-that-nobody-knows";

test("wrong tokens of Slack and Gitter are told once each, and the other networks keep relaying", async () => {
  const { channels } = village.sandbox;
  const program = await run({}, { SLACK_BOT_TOKEN: WRONG, GITTER_TOKEN: WRONG });
  expect(refusals(program).sort()).toEqual([
    `2 of 4 channels active; slack:${channels.slack} refused, gitter:${channels.gitter} refused`,
    "gitter failed: The homeserver does not accept this token. Put a valid access token, or the registration that the homeserver has loaded, into the configuration.",
    `gitter:${channels.gitter} in room ansible is refused: its network failed.`,
    'slack failed: The Slack network\'s botToken was refused (invalid_auth). Copy the tokens anew from https://api.slack.com/apps: botToken (xoxb-…) from "OAuth & Permissions", appToken (xapp-…) from "Basic Information".',
    `slack:${channels.slack} in room ansible is refused: its network failed.`,
  ]);
  expect(program.output()).not.toContain(WRONG);
  await village.relays("discord", ["hub", "irc"], "the rest of us are here");
});

test("wrong tokens of Slack's socket and Discord are told once each, and the other networks keep relaying", async () => {
  const program = await run({}, { SLACK_APP_TOKEN: WRONG, DISCORD_TOKEN: WRONG });
  expect(refusals(program)).toContain(
    "discord failed: Discord does not accept the bot token. Copy the token again from the Bot page of the application, or reset it there.",
  );
  expect(refusals(program)).toContain(
    'slack failed: The Slack network\'s appToken was refused (invalid_auth). Copy the tokens anew from https://api.slack.com/apps: botToken (xoxb-…) from "OAuth & Permissions", appToken (xapp-…) from "Basic Information".',
  );
  expect(program.output()).not.toContain(WRONG);
  await village.relays("gitter", ["hub", "irc"], "the rest of us are here");
});

test("a missing Slack scope refuses Slack with the scope's name, and the others keep relaying", async () => {
  village.sandbox.slack.setScopes(["channels:read", "channels:history", "users:read", "channels:join"]);
  const program = await run();
  expect(refusals(program)[0]).toMatch(/^slack failed: The Slack app lacks .*chat:write.* Add .*chat:write/);
  await village.relays("discord", ["gitter", "hub", "irc"], "without Slack");
});

test("a missing Discord intent refuses Discord with the switch to set, and the others keep relaying", async () => {
  village.sandbox.discord.setIntents({ messageContent: false });
  const program = await run();
  expect(refusals(program)[0]).toBe(
    "discord failed: The Discord application may not read what messages say. Switch on the Message Content Intent on the Bot page of the application in Discord's developer portal.",
  );
  await village.relays("slack", ["gitter", "hub", "irc"], "without Discord");
});

test("a missing Discord permission refuses the channel alone, and the others keep relaying", async () => {
  const { channels, discord } = village.sandbox;
  discord.setPermissions(["ViewChannel", "ReadMessageHistory", "SendMessages"], channels.discord);
  const program = await run();
  expect(refusals(program)[0]).toBe(
    `discord:${channels.discord} in room ansible is refused: The bot lacks the permission Manage Webhooks in the Discord channel ${channels.discord}. Give its role Manage Webhooks there, or in the whole server.`,
  );
  await village.relays("slack", ["gitter", "hub", "irc"], "without that channel");
});

test("Matrix rooms that it may not relay are refused, each with its reason, and the others keep relaying", async () => {
  const { channels } = village.sandbox;
  const mute = addRoom("mute", "m.room.power_levels", { events_default: 50 });
  const sealed = addRoom("sealed", "m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" });
  const closed = addRoom("closed", "m.room.join_rules", { join_rule: "invite" });
  const uninvited = addRoom("uninvited", "m.room.join_rules", { join_rule: "invite" });
  const gitter = [mute, sealed, closed, { channel: uninvited, private: true }];
  const program = await run({ links: [...gitter, `slack:${channels.slack}`] });
  const said = refusals(program);
  const reasonOf = (link: string): string | undefined => said.find(line => line.startsWith(`${link} `));
  expect(reasonOf(mute)).toMatch(
    /in room ansible is refused: The account has power 0 in room !\S+, and messages need 50\. Give the account power 50, or lower what messages need\.$/,
  );
  expect(reasonOf(sealed)).toMatch(
    /is refused: Room !\S+ is end-to-end encrypted, and what is said in it is not meant to leave it\. Link a room without encryption; encryption can't be switched off again\.$/,
  );
  expect(reasonOf(closed)).toMatch(
    /is refused: Room !\S+ is not open to everybody.*\. Declare the link `private: true` if its members agree to be relayed\.$/,
  );
  expect(reasonOf(uninvited)).toMatch(/is refused: .*[Ii]nvite/);
  await village.relays("slack", ["hub", "irc"], "without those");
});

test("nothing can run where every link is refused", async () => {
  const config = await village.configure({ hub: "hub:#nowhere:hub.test", links: ["slack:#nowhere"] });
  const program = startProgram(["run", "-c", config], { env: village.env });
  expect(await program.ended).toBe(1);
  expect(program.said()).toContain("fanin: no link can run: mend what is said above, and see `fanin check --online`.");
});

/** A room of Gitter's with this state; returns its link. */
function addRoom(name: string, type: string, content: Record<string, unknown>): string {
  const { gitter } = village.sandbox;
  const room = gitter.homeserver.room(gitter.addRoom({ aliasLocalpart: name }));
  gitter.homeserver.append(room, gitter.homeserver.userId("admin"), type, content, { stateKey: "" });
  return `gitter:#${name}:gitter.test`;
}
