import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import { type Finding, RelayError } from "@fanin/core";
import { ZodError } from "zod";

const wrongToken: Finding = {
  id: "wrong-token",
  severity: "refuse",
  says: "Discord does not accept the bot token.",
  cure: "Copy the token again from the Bot page of the application, or reset it there.",
};

/**
 * Whatever a call to Discord threw → RelayError. The SDK's errors hold the request, with a webhook's token in its path
 * and people's words in its body: nothing of them but code and message is kept.
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 */
export function toRelayError(thrown: unknown): RelayError {
  if (thrown instanceof RelayError) return thrown;
  if (thrown instanceof RateLimitError) {
    const retryAfterMs = Math.max(thrown.retryAfter, thrown.sublimitTimeout, thrown.timeToReset, 50);
    return new RelayError("rate-limited", "Discord asks to slow down", { retry: "later", retryAfterMs });
  }
  if (thrown instanceof DiscordAPIError) return fromAnswer(thrown.status, Number(thrown.code), thrown.message);
  if (thrown instanceof HTTPError) {
    return new RelayError("unreachable", `Discord answered ${thrown.status}`, { retry: "later", delivered: "unknown" });
  }
  if (thrown instanceof ZodError) {
    const message = `Discord's answer is not what its documentation says: ${thrown.issues[0]?.path.join(".")}`;
    return new RelayError("unreachable", message, { retry: "later", delivered: "unknown" });
  }
  return fromTransport(thrown);
}

function fromAnswer(status: number, code: number, message: string): RelayError {
  const says = `Discord refused: ${message} (${code === 0 ? status : code})`;
  switch (code) {
    case 10015:
    case 50027:
      return new RelayError("unprepared", "the channel's webhook is gone", { retry: "later" });
    case 30046: // too many edits of messages older than an hour
      return new RelayError("rate-limited", says, { retry: "later", retryAfterMs: 60_000 });
    case 50083:
      return new RelayError("rejected", says, { retry: "never", cause: new ThreadArchived() });
  }
  if (status === 401) return new RelayError("unauthorized", wrongToken.says, { retry: "never", finding: wrongToken });
  if (status === 403) return new RelayError("forbidden", says, { retry: "never" });
  if (status === 404) return new RelayError("not-found", says, { retry: "never" });
  return new RelayError("rejected", says, { retry: "never" });
}

/** The cause of a `rejected` that opening the thread again mends. */
export class ThreadArchived extends Error {}

const neverLeft: readonly unknown[] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

function fromTransport(thrown: unknown): RelayError {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const what = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return new RelayError("unreachable", `cannot reach Discord: ${what}`, {
    retry: "later",
    delivered: neverLeft.includes(code) ? "no" : "unknown",
    cause: thrown,
  });
}

/** Close codes after which the gateway will not have us again, whatever we try. */
export function fatalClose(code: number): RelayError | undefined {
  switch (code) {
    case 4004:
      return new RelayError("unauthorized", wrongToken.says, { retry: "never", finding: wrongToken });
    case 4014:
      return new RelayError("unauthorized", missingIntent.says, { retry: "never", finding: missingIntent });
    case 4010:
    case 4011:
    case 4012:
    case 4013:
      return new RelayError("rejected", `Discord's gateway refuses the connection (${code})`, { retry: "never" });
    default:
      return undefined;
  }
}

/** Without the privileged intent messages come without their text. */
export const missingIntent: Finding = {
  id: "missing-intent",
  severity: "refuse",
  says: "The Discord application may not read what messages say.",
  cure: "Switch on the Message Content Intent on the Bot page of the application in Discord's developer portal.",
};
