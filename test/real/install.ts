import { execFile } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cached } from "./cache.ts";

const run = promisify(execFile);

const PYTHON_PACKAGES = ["matrix-synapse==1.163.2", "heisenbridge==1.15.4", "miniircd==2.3"];
const DEBIAN_PACKAGES = ["ngircd", "libident"];

/** What is on disk: a Python that can run the servers as modules, and ngircd where it could be had. */
export interface Installed {
  readonly python: string;
  readonly ngircd: Ngircd | undefined;
}

/** An unpacked ngircd, and the directory with the library that came with it. */
interface Ngircd {
  readonly program: string;
  readonly libraries: string;
}

/**
 * Puts the pinned servers into `${XDG_CACHE_HOME:-~/.cache}/fanin`, unless they are there. May be called by several
 * processes at once: one installs, the others wait for it. Fails with one line where Python is missing.
 */
export function install(): Promise<Installed> {
  installation ??= installAll();
  return installation;
}

let installation: Promise<Installed> | undefined;

async function installAll(): Promise<Installed> {
  const python = await findPython();
  const [environment, ngircd] = await Promise.all([
    cached("servers", [...PYTHON_PACKAGES, python.identity], directory => installWheels(python.program, directory)),
    installNgircd(),
  ]);
  return { python: join(environment, "bin", "python"), ngircd };
}

async function findPython(): Promise<{ program: string; identity: string }> {
  const question =
    "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); print(sys.executable, sys.version)";
  for (const program of ["python3", "python"]) {
    const answer = await run(program, ["-c", question]).catch(() => undefined);
    if (answer !== undefined) return { program, identity: answer.stdout };
  }
  throw new Error(
    "Tests with real servers need Python 3.10 or newer with its venv module on the PATH (Debian: apt-get install python3-venv); FANIN_TEST_WITHOUT_REAL_SERVERS=1 skips them.",
  );
}

async function installWheels(python: string, directory: string): Promise<void> {
  await run(python, ["-m", "venv", directory]);
  const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--prefer-binary"];
  await run(join(directory, "bin", "python"), [...pip, ...PYTHON_PACKAGES]);
}

/** Undefined on a machine without Debian's tools, or that cannot reach its mirror: miniircd takes over there. */
async function installNgircd(): Promise<Ngircd | undefined> {
  try {
    const root = await cached("ngircd", [process.arch, ...DEBIAN_PACKAGES], unpackNgircd);
    return await locateNgircd(root);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : error;
    console.warn(`miniircd stands in for ngircd, which can't be had here: ${reason}`);
    return undefined;
  }
}

async function unpackNgircd(directory: string): Promise<void> {
  await mkdir(directory);
  const packages = await download(directory, []).catch(async () => {
    // The machine's own package lists are missing or stale, and only root may renew them: use lists of our own.
    const state = join(directory, "apt");
    await mkdir(join(state, "lists", "partial"), { recursive: true });
    const own = ["-o", `Dir::State::lists=${join(state, "lists")}`, "-o", `Dir::Cache=${state}`];
    await run("apt-get", [...own, "update"], { timeout: 20_000 });
    const downloaded = await download(directory, own);
    await rm(state, { recursive: true });
    return downloaded;
  });
  for (const name of packages) await run("dpkg-deb", ["-x", join(directory, name), directory]);
  const { program, libraries } = await locateNgircd(directory);
  await run(program, ["--version"], { env: { LD_LIBRARY_PATH: libraries } });
}

async function download(directory: string, options: readonly string[]): Promise<string[]> {
  await run("apt-get", [...options, "download", ...DEBIAN_PACKAGES], { cwd: directory, timeout: 20_000 });
  return (await readdir(directory)).filter(name => name.endsWith(".deb"));
}

async function locateNgircd(root: string): Promise<Ngircd> {
  const lib = join(root, "usr", "lib");
  const library = (await readdir(lib, { recursive: true })).find(path => path.includes("libident.so"));
  if (library === undefined) throw new Error(`no libident in ${lib}`);
  return { program: join(root, "usr", "sbin", "ngircd"), libraries: join(lib, dirname(library)) };
}
