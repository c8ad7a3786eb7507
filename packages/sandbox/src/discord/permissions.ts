/** The permissions a relay meets: https://discord.com/developers/docs/topics/permissions */
export const permissionBits = {
  ManageChannels: 1n << 4n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  ManageWebhooks: 1n << 29n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  SendMessagesInThreads: 1n << 38n,
} as const;

export type Permission = keyof typeof permissionBits;

/** A channel's exception for a role (`type` 0) or a member (1), as sets of bits. */
export interface Overwrite {
  readonly id: string;
  readonly type: 0 | 1;
  readonly allow: bigint;
  readonly deny: bigint;
}

export const allPermissions: bigint = bitsOf(Object.keys(permissionBits).filter(isPermission));

export function bitsOf(names: readonly Permission[]): bigint {
  return names.reduce((bits, name) => bits | permissionBits[name], 0n);
}

function isPermission(name: string): name is Permission {
  return name in permissionBits;
}

/** A member's permissions in a channel, by Discord's order: @everyone, roles together, then the member's own overwrite. */
export function permissionsIn(
  base: bigint,
  overwrites: readonly Overwrite[],
  who: { readonly everyone: string; readonly roles: readonly string[]; readonly member: string },
): bigint {
  const steps = [
    overwrites.filter(o => o.id === who.everyone),
    overwrites.filter(o => o.type === 0 && who.roles.includes(o.id)),
    overwrites.filter(o => o.type === 1 && o.id === who.member),
  ];
  const effective = steps.reduce((bits, step) => {
    const deny = step.reduce((all, o) => all | o.deny, 0n);
    const allow = step.reduce((all, o) => all | o.allow, 0n);
    return (bits & ~deny) | allow;
  }, base);
  // Who cannot see a channel can do nothing in it.
  return effective & permissionBits.ViewChannel ? effective : 0n;
}
