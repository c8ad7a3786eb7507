/** https://discord.com/developers/docs/events/gateway#gateway-intents */
export const intents = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildWebhooks: 1 << 5,
  guildMessages: 1 << 9,
  messageContent: 1 << 15,
} as const;

/** Every bit that has a meaning; others close the gateway with 4013. */
export const knownIntents = 0b11_0001_1111_1111_1111_1111_1111;

/** The intents that must be switched on for the application before a bot may ask for them. */
export interface PrivilegedIntents {
  readonly guildMembers: boolean;
  readonly messageContent: boolean;
}

/** The application's flags that tell which privileged intents it has (those of an app in fewer than 100 servers). */
export function applicationFlags(privileged: PrivilegedIntents): number {
  return (privileged.guildMembers ? 1 << 15 : 0) | (privileged.messageContent ? 1 << 19 : 0);
}

/** The intents a bot must not ask for. */
export function disallowedIntents(privileged: PrivilegedIntents): number {
  return (
    intents.guildPresences |
    (privileged.guildMembers ? 0 : intents.guildMembers) |
    (privileged.messageContent ? 0 : intents.messageContent)
  );
}
