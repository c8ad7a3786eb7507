import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { waitUntil } from "./wait-until.ts";

/** One line said in the channel. */
interface IrcLine {
  readonly nick: string;
  readonly text: string;
}

/** A person in one IRC channel. */
export interface IrcClient {
  readonly nick: string;
  say(text: string): void;
  /** Sends a command of the protocol as it stands, such as `KICK #chan joe`. */
  command(line: string): void;
  /** What others said in the channel since we joined, oldest first. */
  lines(): readonly IrcLine[];
  /** Resolves with the first line that fits, said before or after the call. */
  line(fits: string | ((line: IrcLine) => boolean), timeoutMs?: number): Promise<IrcLine>;
  /** Resolves when somebody of this nick is in the channel. */
  untilPresent(nick: string): Promise<void>;
  /** Resolves when nobody of this nick is in the channel. */
  untilAbsent(nick: string): Promise<void>;
  quit(): Promise<void>;
}

const MESSAGE = /^:(?<nick>[^ !]+)(?:!\S+)? (?<command>\S+) (?<parameters>.*)$/;

/** Connects, takes the nick and joins the channel (`#name`); resolves once we are in it. */
export async function connectIrc({
  port,
  nick,
  channel,
}: {
  port: number;
  nick: string;
  channel: string;
}): Promise<IrcClient> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  // The server's reset of the connection on its own end is no news to a test that stops it.
  socket.on("error", () => {});
  const command = (line: string) => void socket.write(`${line}\r\n`);
  const said: IrcLine[] = [];
  const present = new Set<string>();
  let welcome = false;

  createInterface({ input: socket }).on("line", raw => {
    if (raw.startsWith("PING ")) return command(`PONG ${raw.slice("PING ".length)}`);
    const { nick: from = "", command: verb = "", parameters = "" } = MESSAGE.exec(raw)?.groups ?? {};
    if (verb === "001") welcome = true;
    if (verb === "353") for (const name of trailing(parameters).split(" ")) present.add(name.replace(/^[@+]/, ""));
    if (verb === "JOIN") present.add(from);
    if (verb === "PART" || verb === "QUIT") present.delete(from);
    if (verb === "KICK") present.delete(parameters.split(" ")[1] ?? "");
    if (verb === "PRIVMSG" && parameters.startsWith(`${channel} `))
      said.push({ nick: from, text: trailing(parameters) });
  });

  command(`NICK ${nick}`);
  command(`USER ${nick} 0 * :${nick}`);
  await waitUntil(`IRC welcomes ${nick}`, () => welcome);
  command(`JOIN ${channel}`);
  const untilPresent = async (wanted: string) => {
    await waitUntil(`${wanted} is in ${channel}`, () => present.has(wanted));
  };
  await untilPresent(nick);
  return {
    nick,
    command,
    untilPresent,
    untilAbsent: async unwanted => {
      await waitUntil(`${unwanted} is not in ${channel}`, () => !present.has(unwanted));
    },
    say: text => command(`PRIVMSG ${channel} :${text}`),
    lines: () => said,
    line: (fits, timeoutMs) => {
      const matches = typeof fits === "string" ? (line: IrcLine) => line.text === fits : fits;
      return waitUntil(
        () => `IRC line ${fits}, got ${JSON.stringify(said)}`,
        () => said.find(matches),
        timeoutMs,
      );
    },
    quit: async () => {
      if (socket.closed) return;
      const closed = once(socket, "close");
      socket.end("QUIT\r\n");
      socket.destroySoon();
      await closed;
    },
  };
}

function trailing(parameters: string): string {
  const start = parameters.indexOf(":");
  return start < 0 ? parameters : parameters.slice(start + 1);
}
