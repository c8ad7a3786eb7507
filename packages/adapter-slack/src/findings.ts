import type { ChannelRef, Finding } from "@fanin/core";

const settings = "https://api.slack.com/apps";

export function wrongToken(which: string, word: string): Finding {
  return {
    id: "wrong-token",
    severity: "refuse",
    says: `${which} was refused (${word}).`,
    cure: `Copy the tokens anew from ${settings}: botToken (xoxb-…) from "OAuth & Permissions", appToken (xapp-…) from "Basic Information".`,
  };
}

export const notSlack: Finding = {
  id: "not-slack",
  severity: "refuse",
  says: "What answers at `apiUrl` is not Slack's Web API.",
  cure: "Set `apiUrl` to the base URL of the Web API, which ends in /api/, or leave it out for Slack itself.",
};

export function missingScope(scopes: readonly string[], without = "and cannot relay"): Finding {
  return {
    id: "missing-scope",
    severity: without === "and cannot relay" ? "refuse" : "warn",
    says: `The Slack app lacks ${scopes.join(", ")} ${without}.`,
    cure: `Add ${scopes.join(", ")} at ${settings} under "OAuth & Permissions", "Bot Token Scopes", and install the app again.`,
  };
}

export function missingAppScope(): Finding {
  return {
    id: "missing-scope",
    severity: "refuse",
    says: "The Slack app-level token lacks connections:write.",
    cure: `Make an app-level token with connections:write at ${settings} under "Basic Information" and set it as appToken.`,
  };
}

export function unknownChannel(name: string): Finding {
  return {
    id: "unknown-channel",
    severity: "refuse",
    says: `Slack shows the app no channel ${name}.`,
    cure: "Check the id (channel details, at the bottom); if the channel is private, invite the app to it.",
  };
}

export function notJoined(channel: ChannelRef, isPrivate: boolean): Finding {
  return {
    id: "not-joined",
    severity: isPrivate ? "refuse" : "warn",
    channel,
    says: "The Slack app is not in this channel.",
    cure: isPrivate ? "Invite the app to the channel." : "It joins by itself when the link starts.",
  };
}

export function privateChannel(channel: ChannelRef): Finding {
  return {
    id: "private",
    severity: "refuse",
    channel,
    says: "This Slack channel is private.",
    cure: "If what is said in it may be read elsewhere, declare the link `private: true`.",
  };
}

export function archived(channel: ChannelRef): Finding {
  return {
    id: "archived",
    severity: "refuse",
    channel,
    says: "This Slack channel is archived.",
    cure: "Unarchive it, or remove the link.",
  };
}

export function readOnly(channel: ChannelRef): Finding {
  return {
    id: "read-only",
    severity: "refuse",
    channel,
    says: "The Slack app may not post in this channel.",
    cure: "Allow the app to post under the channel's posting permissions.",
  };
}

export function kicked(channel: ChannelRef): Finding {
  return {
    id: "kicked",
    severity: "refuse",
    channel,
    says: "The app was removed from this Slack channel.",
    cure: "Invite it again and resume the link, or remove the link.",
  };
}

export function channelGone(channel: ChannelRef): Finding {
  return {
    id: "channel-gone",
    severity: "refuse",
    channel,
    says: "This Slack channel was deleted.",
    cure: "Remove the link.",
  };
}
