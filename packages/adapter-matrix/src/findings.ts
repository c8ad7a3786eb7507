import type { ChannelRef, Finding } from "@fanin/core";

/** What can be wrong with a room, each with its cure. */

export function encrypted(channel: ChannelRef): Finding {
  return {
    id: "encrypted",
    severity: "refuse",
    channel,
    says: `Room ${channel.channel} is end-to-end encrypted, and what is said in it is not meant to leave it.`,
    cure: "Link a room without encryption; encryption can't be switched off again.",
  };
}

export function isPrivate(channel: ChannelRef, rule?: string): Finding {
  return {
    id: "private",
    severity: "refuse",
    channel,
    says: `Room ${channel.channel} is not open to everybody${rule ? ` (join rule ${rule})` : ""}.`,
    cure: "Declare the link `private: true` if its members agree to be relayed.",
  };
}

export function notJoined(channel: ChannelRef): Finding {
  return {
    id: "not-joined",
    severity: "warn",
    channel,
    says: `The account is not in room ${channel.channel}.`,
    cure: "It joins by itself if the room is public; otherwise invite it.",
  };
}

export function invited(channel: ChannelRef): Finding {
  return {
    id: "invited",
    severity: "warn",
    channel,
    says: `The account is invited to room ${channel.channel} and has not joined yet.`,
    cure: "It joins by itself when the link starts.",
  };
}

export function notInvited(channel: ChannelRef): Finding {
  return {
    id: "not-invited",
    severity: "refuse",
    channel,
    says: `The account may not join room ${channel.channel}.`,
    cure: "Invite it to the room.",
  };
}

export function kicked(channel: ChannelRef, by: string): Finding {
  return {
    id: "kicked",
    severity: "refuse",
    channel,
    says: `${by} removed the account from room ${channel.channel}.`,
    cure: "Settle it with the room's moderators, then invite the account again.",
  };
}

export function banned(channel: ChannelRef, by?: string): Finding {
  return {
    id: "banned",
    severity: "refuse",
    channel,
    says: `The account is banned from room ${channel.channel}${by ? ` by ${by}` : ""}.`,
    cure: "Settle it with the room's moderators, have the ban lifted, then invite the account again.",
  };
}

export function left(channel: ChannelRef): Finding {
  return {
    id: "left",
    severity: "refuse",
    channel,
    says: `The account has left room ${channel.channel}.`,
    cure: "Invite it again, or remove the link.",
  };
}

export function upgraded(channel: ChannelRef, successor: string | undefined): Finding {
  return {
    id: "upgraded",
    severity: "refuse",
    channel,
    says: `Room ${channel.channel} was replaced${successor ? ` by ${successor}` : ""}.`,
    cure: "Link the new room instead.",
  };
}

export function powerTooLow(channel: ChannelRef, has: number, needs: number): Finding {
  return {
    id: "power-too-low",
    severity: "refuse",
    channel,
    says: `The account has power ${has} in room ${channel.channel}, and messages need ${needs}.`,
    cure: `Give the account power ${needs}, or lower what messages need.`,
  };
}

/** `name` as the maintainer wrote it. */
export function unknownRoom(name: string, why: string): Finding {
  return {
    id: "unknown-channel",
    severity: "refuse",
    says: `There is no room ${name} to link. ${why}`,
    cure: "Write the room's alias (#name:server) or its id (!…) as its settings show it.",
  };
}
