import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitUntil } from "../real/wait-until.ts";
import { village } from "./each-village.ts";
import { runProgram, startProgram } from "./program.ts";

function fanin(...args: string[]): ReturnType<typeof runProgram> {
  return runProgram(args, { env: village.env });
}

test("check says what the configuration means and which promise its store keeps, and asks nobody", async () => {
  const config = await village.configure();
  const { channels } = village.sandbox;
  await village.sandbox.close();
  expect(await fanin("check", "-c", config)).toEqual({
    code: 0,
    output: [
      `${config} is valid`,
      `store  ${join(village.folder, "fanin.db")} (SQLite, synchronous=FULL: what is accepted survives a crash and a loss of power)`,
      `room   ansible: hub:${channels.hub} · slack:${channels.slack} · discord:${channels.discord} · gitter:${channels.gitter}`,
      "",
    ].join("\n"),
  });
});

test("check --online asks every network, and neither joins nor writes anything", async () => {
  const config = await village.configure();
  const { code, output } = await fanin("check", "--online", "-c", config);
  const { channels } = village.sandbox;
  expect(output.split("\n").slice(3)).toEqual([
    "ok     hub",
    expect.stringMatching(/^warn {3}hub:.* The account is not in room .* It joins by itself if the room is public/),
    "ok     gitter",
    expect.stringMatching(/^warn {3}gitter:.* The account is not in room .* It joins by itself if the room is public/),
    "ok     slack",
    `ok     slack:${channels.slack}`,
    "ok     discord",
    `ok     discord:${channels.discord}`,
    "",
  ]);
  expect(code).toBe(0);
  expect(await readdir(village.folder)).toEqual(["fanin.yaml", "registration.yaml"]);
  expect(village.sandbox.places.flatMap(place => place.said())).toEqual([]);
});

test("check --online --json says what is refused, and exits with 1", async () => {
  village.sandbox.slack.setScopes(["chat:write"]);
  const config = await village.configure({ links: ["slack:#ansible", "discord:#nowhere"] });
  const { code, output } = await fanin("check", "--online", "--json", "-c", config);
  expect(JSON.parse(output)).toMatchObject({
    ok: false,
    store: { path: join(village.folder, "fanin.db") },
    answers: [
      { what: "hub", findings: [] },
      { findings: [{ id: "not-joined", severity: "warn" }] },
      {
        what: "slack",
        findings: expect.arrayContaining([expect.objectContaining({ id: "missing-scope", severity: "refuse" })]),
      },
      { what: "discord", findings: [] },
      { what: "discord:#nowhere", findings: [{ id: "unknown-channel", severity: "refuse" }] },
    ],
  });
  expect(code).toBe(1);
});

test("check --online sees that two names are one channel", async () => {
  const { channels } = village.sandbox;
  const config = await village.configure({ links: [`slack:${channels.slack}`, "slack:#ansible"] });
  const { code, output } = await fanin("check", "--online", "-c", config);
  expect(output).toContain(
    `refuse slack:#ansible (slack:${channels.slack}): It is the same channel as slack:${channels.slack}. A channel belongs to one room: remove one of the two from the configuration.\n`,
  );
  expect(code).toBe(1);
});

test("check says of a network that does not answer that it does not, and exits with 1", async () => {
  village.sandbox.gitter.faults.down = true;
  const config = await village.configure();
  const { code, output } = await fanin("check", "--online", "-c", config);
  expect(output).toMatch(
    /^refuse gitter: .*\. Try again; if it stays so, check the address and the network's status\.$/m,
  );
  expect(output).toMatch(/^ok {5}slack$/m);
  expect(code).toBe(1);
});

test("being put out of a channel pauses its link, over restarts, until it is resumed", async () => {
  const { channels, slack } = village.sandbox;
  const config = await village.configure();
  const first = startProgram(["run", "-c", config], { env: village.env });
  await first.hear(/^4 of 4 channels active$/);
  slack.removeFromChannel(channels.slack, slack.botUserId);
  await first.hear(/^slack:.* in room ansible is paused: The app was removed from this Slack channel\./);
  first.signal("SIGTERM");
  await first.ended;

  slack.addToChannel(channels.slack, slack.botUserId);
  const second = startProgram(["run", "-c", config], { env: village.env });
  await second.hear(/^3 of 4 channels active; slack:\S+ paused$/);
  second.signal("SIGTERM");
  await second.ended;

  const link = `slack:${channels.slack}`;
  expect(await fanin("resume", "slack:C00000000", "-c", config)).toEqual({
    code: 1,
    output: `fanin: slack:C00000000 is not paused; paused are: ${link}.\n`,
  });
  expect(await fanin("resume", link, "-c", config)).toEqual({
    code: 0,
    output: `${link} is no longer paused: it starts at now when fanin runs again.\n`,
  });
  expect(await fanin("resume", link, "-c", config)).toEqual({
    code: 1,
    output: `fanin: ${link} is not paused; no link is paused.\n`,
  });
  const third = startProgram(["run", "-c", config], { env: village.env });
  await third.hear(/^4 of 4 channels active$/);
  await village.relays("discord", ["slack", "hub"], "all together again");
});

test("resume takes the name as configured, too", async () => {
  const { channels, slack } = village.sandbox;
  const config = await village.configure({ links: ["slack:#ansible"] });
  const program = startProgram(["run", "-c", config], { env: village.env });
  await program.hear(/^2 of 2 channels active$/);
  slack.removeFromChannel(channels.slack, slack.botUserId);
  await program.hear(/ is paused: /);
  program.signal("SIGTERM");
  await program.ended;
  expect((await fanin("resume", "slack:#ansible", "-c", config)).code).toBe(0);
});

test("an unknown command is answered with the one that was probably meant", async () => {
  const { code, output } = await fanin("chek");
  expect(output).toContain("error: unknown command 'chek'\n(Did you mean check?)");
  expect(code).toBe(1);
  expect(await fanin("--version")).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test("all that is wrong with a configuration is said at once, a line each", async () => {
  const config = await village.configure({
    links: ["slack:general", "discrod:#general"],
    store: "redis://:pw@localhost",
  });
  const { code, output } = await runProgram(["run", "-c", config], { env: { ...village.env, GITTER_TOKEN: "" } });
  expect(output.trim().split("\n")).toEqual([
    expect.stringMatching(
      /^fanin: .*fanin\.yaml:\d+ networks\.gitter\.accessToken: the environment variable GITTER_TOKEN is empty; /,
    ),
    expect.stringMatching(/^fanin: .*fanin\.yaml:\d+ rooms\.ansible\.links\[0\]: "general" is no Slack channel: /),
    expect.stringMatching(
      /^fanin: .*fanin\.yaml:\d+ rooms\.ansible\.links\[1\]: network discrod is not configured; did you mean discord\?$/,
    ),
    expect.stringMatching(/^fanin: .*fanin\.yaml:\d+ store: must be a file's path, .* SQLite only\.$/),
  ]);
  expect(code).toBe(1);
  const json = await runProgram(["check", "--json", "-c", config], { env: village.env });
  expect(JSON.parse(json.output)).toMatchObject({ ok: false, problems: [{ key: "rooms.ansible.links[0]" }, {}, {}] });
  await waitUntil("nothing was written", async () => (await readdir(village.folder)).length === 2);
});
