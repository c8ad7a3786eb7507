import { type ChannelKey, parseChannel, type Relay, type Report } from "@fanin/core";
import type { Change, Progress } from "@fanin/sandbox";

const changes: Partial<Record<string, Change>> = { created: "created", edited: "edited", deleted: "deleted" };

/** Tells how far messages have come, in the sandbox's words: a place there bears the name of its network here. */
export function watchProgress(relay: Relay, tell: (step: Progress) => void): () => void {
  return relay.watch(report => {
    const step = stepOf(report);
    if (step) tell(step);
  });
}

function stepOf(report: Report): Progress | undefined {
  if (!("event" in report)) return undefined;
  const change = changes[report.event];
  if (!change) return undefined;
  const { network: place, message } = report.source;
  const about = { change, place, message, at: performance.now() };
  switch (report.type) {
    case "planned":
    case "accepted":
      return { ...about, stage: report.type, targets: report.targets.map(networkOf) };
    case "delivered":
      return { ...about, stage: "delivered", targets: [networkOf(report.lane)] };
    case "buried":
    case "dropped":
      return { ...about, stage: "failed", targets: [networkOf(report.lane)], why: report.reason };
    default:
      return undefined;
  }
}

function networkOf(lane: ChannelKey): string {
  return parseChannel(lane).network;
}
