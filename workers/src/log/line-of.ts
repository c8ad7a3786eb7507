import type { Finding, LinkStatus, NetworkStatus, Report } from "@fanin/core";

export interface Line {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly says: string;
  /** Lines of one kind that come often: told once a minute, with how many were kept back. */
  readonly kind?: string;
  /** For machines: what the line is about. */
  readonly about: Readonly<Record<string, string | number>>;
}

/**
 * One readable line for a report; undefined where it is a step on the way that nobody needs to read. Findings in `told`
 * are not told again: a network that fails takes its links with it. Pure.
 */
export function lineOf(report: Report, told: Pick<WeakSet<Finding>, "has"> = new Set()): Line | undefined {
  switch (report.type) {
    case "planned":
    case "accepted":
      return undefined;
    case "delivered":
      return line("debug", `${report.event} ${refOf(report)} reached ${report.lane}`, { lane: report.lane });
    case "deferred":
      return deferredLine(report);
    case "buried":
      return line("error", `${report.event} ${refOf(report)} did not reach ${report.lane}: ${report.reason}`, {
        lane: report.lane,
      });
    case "dropped":
      return {
        ...line("info", `${report.event} ${refOf(report)} is not for ${report.lane}: ${report.reason}`, {
          lane: report.lane,
        }),
        kind: `dropped ${report.lane} ${report.event}`,
      };
    case "recalled":
      return line(
        "info",
        `an unanswered message to ${report.lane} ${report.arrived ? "had arrived" : "had not arrived and is sent again"}`,
        { lane: report.lane },
      );
    case "healed":
      return line("info", `a late twin on ${report.channel} was found and deleted`, { channel: report.channel });
    case "lost":
      return line("warn", `history of ${report.channel}${spanOf(report)} can't be read and is missing: ${report.why}`, {
        channel: report.channel,
      });
    case "caught-up":
      return line(
        "info",
        `${report.channel}: caught up with ${report.read} ${report.read === 1 ? "event" : "events"}`,
        {
          channel: report.channel,
        },
      );
    case "lane-buried":
      return line("warn", `${report.count} waiting for ${report.lane} went to the dead letters: ${report.reason}`, {
        lane: report.lane,
      });
    case "link":
      return linkLine(report.link, told);
    case "network":
      return networkLine(report.network);
    case "retrying":
      return {
        ...line("warn", `could not ${report.what}, trying again: ${report.error.message}`, { code: report.error.code }),
        kind: `retrying ${report.what} ${report.error.code}`,
      };
  }
}

function deferredLine({ error, lane }: Extract<Report, { type: "deferred" }>): Line {
  // To be asked to slow down is how a busy channel works.
  const level = error.code === "rate-limited" ? "info" : "warn";
  const says = `${lane} waits: ${error.message}`;
  return { ...line(level, says, { lane, code: error.code }), kind: `deferred ${lane} ${error.code}` };
}

function linkLine({ channel, finding, name, room, state }: LinkStatus, told: Pick<WeakSet<Finding>, "has">): Line {
  const level = { active: "info", starting: "debug", paused: "warn", quarantined: "error", refused: "error" } as const;
  const id = channel && channel !== name ? ` (${channel})` : "";
  const why = finding ? `: ${told.has(finding) ? "its network failed." : sentences(finding)}` : "";
  // Nothing ends the encryption of a room.
  const isOver = state === "paused" && finding?.id !== "encrypted";
  const resume = isOver ? ` To go on, stop fanin, run "fanin resume ${name}" and start it again.` : "";
  const says = `${name}${id} in room ${room} is ${state}${why}${resume}`;
  return line(level[state], says, { room, link: name, state, ...(finding ? { finding: finding.id } : {}) });
}

function networkLine({ error, network, state }: NetworkStatus): Line {
  const level = { connecting: "warn", connected: "info", failed: "error" } as const;
  const word = { connecting: "reconnecting", connected: "connected", failed: "failed" }[state];
  const why = error?.finding ? `: ${sentences(error.finding)}` : error ? `: ${error.message}` : "";
  return line(level[state], `${network} ${word}${why}`, { network, state });
}

function sentences({ cure, says }: Finding): string {
  return `${says} ${cure}`;
}

function line(level: Line["level"], says: string, about: Line["about"]): Line {
  return { level, says, about };
}

function refOf({ source }: { readonly source: { network: string; channel: string; message: string } }): string {
  return `${source.network}:${source.channel}/${source.message}`;
}

function spanOf({ fromMs, toMs }: { readonly fromMs?: number; readonly toMs?: number }): string {
  const from = fromMs === undefined ? "" : ` from ${new Date(fromMs).toISOString()}`;
  return toMs === undefined ? from : `${from} to ${new Date(toMs).toISOString()}`;
}
