import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
];

/**
 * The machine's Chromium (`CHROMIUM_PATH`, or one on the PATH), else the one from npm that runs without further
 * packages on Linux x64. Rejects with the cure where there is none.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_PATH"] ?? (await onPath()) ?? (await fromNpm());
  return chromium.launch({ executablePath, args: QUIET });
}

async function onPath(): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const path of folders.flatMap(folder => NAMES.map(name => join(folder, name)))) {
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) return path;
  }
  return undefined;
}

async function fromNpm(): Promise<string> {
  try {
    if (process.platform !== "linux" || process.arch !== "x64") throw new Error("npm has one for Linux x64 alone");
    const { default: packaged } = await import("@sparticuz/chromium");
    return await packaged.executablePath();
  } catch (cause) {
    const cure = "install one (Debian: apt install chromium) or set CHROMIUM_PATH to its program";
    throw new Error(`no Chromium here: ${cure}`, { cause });
  }
}
