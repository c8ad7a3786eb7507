import { Command, InvalidArgumentError, Option } from "commander";
import { version } from "./version.ts";

// What SDKs use of an older Node is for us to see in tests, not for whoever runs fanin.
process.noDeprecation = true;

// A defect, ours or an SDK's. Its stack alone: what else hangs on an SDK's error may hold tokens.
process.on("uncaughtException", error => {
  process.stderr.write(
    `fanin: defect: ${error instanceof Error ? error.stack : "something other than an error was thrown"}\n`,
  );
  process.exit(70);
});

const program = new Command("fanin")
  .description("Joins channels of Slack, Discord, Gitter, Matrix and IRC into one conversation.")
  .version(version())
  .showHelpAfterError("(fanin --help shows what there is)")
  .addHelpText(
    "after",
    `
Examples:
  fanin demo                        look at it, with nothing to set up
  fanin check -c fanin.yaml         is the configuration right?
  fanin check -c fanin.yaml --online   …and do the networks let us in?
  fanin run -c fanin.yaml           relay until SIGTERM
  fanin resume slack:C024BE91L      go on with a channel that fanin was put out of`,
  );

const config = (): Option => new Option("-c, --config <file>", "the configuration").default("fanin.yaml");

program
  .command("run")
  .description("relay until SIGTERM or SIGINT")
  .addOption(config())
  .addOption(
    new Option("--log-level <level>", "how much to tell")
      .choices(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
      .default("info"),
  )
  .action(async options => {
    const { run } = await import("./cli/run.ts");
    // SDKs may keep timers after all is closed.
    process.exit(await run(options));
  });

program
  .command("check")
  .description("validate the configuration; writes nothing anywhere")
  .addOption(config())
  .option("--online", "ask the networks too: tokens, scopes, intents, permissions, encryption", false)
  .option("--json", "answer in JSON", false)
  .action(async options => {
    const { check } = await import("./cli/check.ts");
    process.exitCode = await check(options);
  });

program
  .command("resume")
  .description("end the pause of a link that fanin was put out of, while fanin is stopped")
  .argument("<link>", "the channel as configured, such as slack:C024BE91L")
  .addOption(config())
  .action(async (link, options) => {
    const { resume } = await import("./cli/resume.ts");
    process.exitCode = await resume(link, options);
  });

program
  .command("demo")
  .description("five places side by side in a browser, on this machine only")
  .option("--headless", "play a scripted conversation instead and count what arrived", false)
  .option("--port <port>", "where the page is served; a free one unless given", toPort)
  .action(async ({ headless, ...options }) => {
    if (headless) {
      const { runHeadless } = await import("./demo/headless.ts");
      process.exit((await runHeadless(line => console.log(line))) ? 0 : 1);
    }
    const { runDemo } = await import("./demo/serve.ts");
    process.exit(await runDemo(options));
  });

await program.parseAsync();

function toPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("It is a whole number from 0 to 65535.");
}
