import { type ChannelRef, type Finding, RelayError } from "@fanin/core";
import { type Access, accessTo, needed } from "./access.ts";
import { missingIntent, toRelayError } from "./errors.ts";
import { ApplicationPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** Either bit tells that the application has the intent: large applications are approved for it, small ones switch it on. */
const messageContent = (1 << 18) | (1 << 19);

/** Text and announcement channels. */
const linkable: readonly number[] = [0, 5];

/** Is the token good, and may the application read what messages say? */
export async function checkAccount(rest: Rest): Promise<Finding[]> {
  try {
    const { flags } = await rest.get(ApplicationPayload, "/applications/@me");
    return flags & messageContent ? [] : [missingIntent];
  } catch (thrown) {
    const error = toRelayError(thrown);
    if (error.code === "not-found") return [notDiscord];
    if (error.finding) return [error.finding];
    throw error;
  }
}

const notDiscord: Finding = {
  id: "not-discord",
  severity: "refuse",
  says: "What answers at `apiUrl` is not Discord's REST API.",
  cure: "Set `apiUrl` to the base URL of the REST API, which ends in /api, or leave it out for Discord itself.",
};

/** Is the channel there, may the bot do there what a relay does, and may everybody in the guild read it? */
export async function checkChannel(rest: Rest, ref: ChannelRef, botId: string): Promise<Finding[]> {
  try {
    return findingsOf(await accessTo(rest, ref.channel, botId), ref);
  } catch (thrown) {
    const error = toRelayError(thrown);
    if (error.code === "not-found") return [unknownChannel(ref)];
    if (error.code === "forbidden") return [noAccess(ref)];
    if (error.finding) return [error.finding];
    throw error;
  }
}

function findingsOf({ channel, permissions, isPublic }: Access, ref: ChannelRef): Finding[] {
  if (!linkable.includes(channel.type)) return [wrongKind(ref)];
  const missing = [...needed].filter(([, bit]) => (permissions & bit) === 0n).map(([name]) => name);
  if (missing.includes("View Channel")) return [noAccess(ref)];
  return [...missing.map(name => missingPermission(ref, name)), ...(isPublic ? [] : [privateChannel(ref)])];
}

export function unknownChannel(ref: ChannelRef): Finding {
  return {
    id: "unknown-channel",
    severity: "refuse",
    channel: ref,
    says: `Discord has no channel ${ref.channel}, or none that this bot knows of.`,
    cure: "Copy the id from the channel's menu (developer mode must be on), and invite the bot to its server.",
  };
}

export function noAccess(ref: ChannelRef): Finding {
  return {
    id: "no-access",
    severity: "refuse",
    channel: ref,
    says: `The bot cannot see the Discord channel ${ref.channel}.`,
    cure: "Give its role the permission View Channel there.",
  };
}

function wrongKind(ref: ChannelRef): Finding {
  return {
    id: "wrong-kind",
    severity: "refuse",
    channel: ref,
    says: `${ref.channel} on Discord is not a text channel.`,
    cure: "Link a text or announcement channel; its threads come along.",
  };
}

function missingPermission(ref: ChannelRef, name: string): Finding {
  return {
    id: "missing-permission",
    severity: "refuse",
    channel: ref,
    says: `The bot lacks the permission ${name} in the Discord channel ${ref.channel}.`,
    cure: `Give its role ${name} there, or in the whole server.`,
  };
}

function privateChannel(ref: ChannelRef): Finding {
  return {
    id: "private",
    severity: "refuse",
    channel: ref,
    says: `The Discord channel ${ref.channel} is hidden from the server's ordinary members.`,
    cure: "If it is to be read elsewhere, say `private: true` on the link.",
  };
}

/** For `resolve`: what was written leads to no channel. */
export function unresolved(finding: Finding): RelayError {
  return new RelayError("bad-config", `${finding.says} ${finding.cure}`, { retry: "never", finding });
}
