import { createServer } from "node:http";
import { expect, test } from "vitest";
import { freePort } from "../real/free-port.ts";
import { waitUntil } from "../real/wait-until.ts";
import { village } from "./each-village.ts";
import { type Program, runProgram, startProgram } from "./program.ts";
import type { Village } from "./village.ts";

async function start(config: string): Promise<Program> {
  const program = startProgram(["run", "-c", config], { env: village.env });
  await program.hear(/channels active/);
  return program;
}

test("relays between all five places and ends on SIGTERM with exit code 0", async () => {
  const program = await start(await village.configure());
  expect(program.said()[0]).toMatch(/^fanin \d+\.\d+\.\d+ · store .*\/fanin\.db · 1 room, 3 links$/);
  expect(program.said()).toContain("4 of 4 channels active");
  await village.relays("slack", ["discord", "gitter", "hub", "irc"], "who has the agenda");
  await village.relays("irc", ["slack", "discord", "gitter", "hub"], "it is in the forum");
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
  expect(program.said().at(-1)).toBe("stopped");
});

test("neither a token nor a word of what is said is ever logged, at any level", async () => {
  const config = await village.configure();
  const program = startProgram(["run", "--log-level", "trace", "-c", config], { env: village.env });
  await program.hear(/channels active/);
  await village.relays("slack", ["discord", "gitter", "hub", "irc"], "nobody-logs-this");
  await program.hear(/^created slack:.* reached hub:/);
  program.signal("SIGINT");
  expect(await program.ended).toBe(0);
  const { as_token, hs_token } = village.sandbox.registration;
  for (const secret of [...Object.values(village.env), as_token, hs_token, "nobody-logs-this"]) {
    expect(program.output()).not.toContain(secret);
  }
});

test("stopped in the middle of a conversation, it loses nothing and doubles nothing", async () => {
  const config = await village.configure();
  const first = await start(config);
  const slack = village.place("slack");
  const [ada] = slack.people;
  const lines = Array.from({ length: 12 }, (_, index) => `line ${String(index).padStart(2, "0")}`);
  for (const line of lines) await slack.say(ada?.id ?? "", line);
  first.signal("SIGTERM");
  expect(await first.ended).toBe(0);
  await start(config);
  for (const name of ["hub", "gitter", "discord", "irc"]) {
    const heard = (): string[] => textsOf(village, name).flatMap(text => /line \d\d/.exec(text) ?? []);
    await waitUntil(
      () => `${lines.length} lines in ${name}, not ${heard()}`,
      () => heard().length >= lines.length,
    );
    expect(heard()).toEqual(lines);
  }
});

test("what can't be finished in time is cut and told, and sent once after the next start", async () => {
  const config = await village.configure();
  const first = await start(config);
  village.sandbox.hub.faults.add({ calls: /PUT .*\/send\/m\.room\.message/, answer: "hang", when: "after" });
  await village.relays("slack", ["gitter", "hub"], "held by a hanging homeserver");
  first.signal("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(first.said().slice(-2)).toEqual([
    expect.stringMatching(/^not all is done after 7 s; nothing is lost, kept for the next start: 1 for hub:/),
    "stopped",
  ]);
  village.sandbox.hub.faults.clear();
  await start(config);
  await village.relays("gitter", ["slack", "hub"], "after the start");
  expect(textsOf(village, "hub").filter(text => text.includes("held by a hanging"))).toHaveLength(1);
});

test("a second signal ends it at once", async () => {
  const config = await village.configure();
  const program = await start(config);
  village.sandbox.hub.faults.add({ calls: /PUT .*\/send\/m\.room\.message/, answer: "hang", when: "after" });
  await village.relays("slack", ["gitter", "hub"], "held");
  program.signal("SIGTERM");
  await program.hear(/^SIGTERM: taking in nothing more/);
  program.signal("SIGTERM");
  expect(await program.ended).toBe(143);
});

test("answers on /healthz, and on /readyz once every link is active", async () => {
  const http = `127.0.0.1:${await freePort()}`;
  village.sandbox.discord.setIntents({ messageContent: false });
  const { channels } = village.sandbox;
  const program = await start(await village.configure({ http }));
  expect((await fetch(`http://${http}/healthz`)).status).toBe(200);
  const unready = await fetch(`http://${http}/readyz`);
  expect(unready.status).toBe(503);
  expect(await unready.json()).toEqual({
    ready: false,
    unready: [
      {
        what: `discord:${channels.discord}`,
        state: "refused",
        says: "The Discord application may not read what messages say.",
        cure: "Switch on the Message Content Intent on the Bot page of the application in Discord's developer portal.",
      },
    ],
    paused: [],
  });
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);

  const links = [`slack:${channels.slack}`, `gitter:${channels.gitter}`];
  await start(await village.configure({ http, links }));
  const ready = await fetch(`http://${http}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, unready: [], paused: [] }]);
});

test("an http port in use is one line and exit code 1", async () => {
  await using holder = await holdPort();
  const config = await village.configure({ http: `127.0.0.1:${holder.port}` });
  const { code, output } = await runProgram(["run", "-c", config, "--log-level", "silent"], { env: village.env });
  expect(output).toBe(
    `fanin: http.listen: 127.0.0.1:${holder.port} is in use by another program (is fanin running already?); choose another address.\n`,
  );
  expect(code).toBe(1);
});

test("the hub's port in use refuses the hub, and the others keep relaying", async () => {
  await using holder = await holdPort();
  const { url } = village.sandbox.hub;
  const listen = `127.0.0.1:${holder.port}`;
  const hub = { adapter: "matrix", homeserver: url, registration: "./registration.yaml", listen };
  const program = await start(await village.configure({ networks: { hub } }));
  expect(program.said().find(line => line.startsWith("hub failed:"))).toContain(listen);
  await village.relays("slack", ["discord", "gitter"], "without the hub");
});

async function holdPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>(resolve => server.listen(port, "127.0.0.1", resolve));
  return { port, [Symbol.asyncDispose]: () => new Promise(resolve => void server.close(() => resolve())) };
}

function textsOf(village: Village, name: string): string[] {
  return village
    .place(name)
    .said()
    .map(({ text }) => text);
}
