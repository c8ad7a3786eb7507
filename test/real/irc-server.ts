import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type Installed, install } from "./install.ts";
import { startServer } from "./server-process.ts";

/** A real IRC server on a loopback port. */
export interface IrcServer {
  readonly port: number;
  readonly pid: number;
  /** The first in a channel is its operator and may KICK and ban; false with miniircd, which stands in where ngircd can't be had. */
  readonly hasOperators: boolean;
  stop(): Promise<void>;
}

/** Starts ngircd, or miniircd, and resolves when it takes connections. */
export async function startIrcServer(): Promise<IrcServer> {
  const { python, ngircd } = await install();
  const directory = await mkdtemp(join(tmpdir(), "fanin-irc-"));
  const port = await freePort();
  const server = await startServer({
    name: ngircd ? "ngircd" : "miniircd",
    ...(ngircd ? await ngircdCommand(ngircd, directory, port) : miniircdCommand(python, directory, port)),
    ready: () => accepts(port),
  });
  return {
    port,
    pid: server.pid,
    hasOperators: ngircd !== undefined,
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Command {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

async function ngircdCommand(
  ngircd: NonNullable<Installed["ngircd"]>,
  directory: string,
  port: number,
): Promise<Command> {
  const config = join(directory, "ngircd.conf");
  const lines = [
    ...[
      "[Global]",
      "Name = irc.test",
      "Info = test",
      "Listen = 127.0.0.1",
      `Ports = ${port}`,
      `PidFile = ${directory}/pid`,
    ],
    ...["[Limits]", "MaxConnectionsIP = 0", "MaxNickLength = 32", "MaxPenaltyTime = 0", "MaxJoins = 0"],
    ...["[Options]", "Ident = no", "PAM = no", "DNS = no", "Syslog = no"],
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  return { command: ngircd.program, args: ["-n", "-f", config], env: { LD_LIBRARY_PATH: ngircd.libraries } };
}

function miniircdCommand(python: string, directory: string, port: number): Command {
  // It refuses to serve as root, unless told which user to be.
  const user = process.getuid?.() === 0 ? ["--setuid", "root"] : [];
  const args = ["--listen", "127.0.0.1", "--ports", String(port), "--state-dir", directory, ...user];
  return { command: python, args: ["-m", "miniircd", ...args] };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
