/** What a homeserver is told of an application service: the keys of its registration file. */
export interface AppServiceRegistration {
  readonly id: string;
  /** Where transactions are pushed to; null for none. */
  readonly url: string | null;
  readonly as_token: string;
  readonly hs_token: string;
  readonly sender_localpart: string;
  /** Whether its ghosts are rate limited; true unless given. Its own account never is. */
  readonly rate_limited?: boolean;
  readonly namespaces: { readonly users: readonly { readonly regex: string; readonly exclusive: boolean }[] };
}

export interface AppService {
  readonly registration: AppServiceRegistration;
  readonly sender: string;
  /** Whether the account is the service's own or in its namespace. */
  owns(user: string): boolean;
}

export function createAppService(registration: AppServiceRegistration, serverName: string): AppService {
  const sender = `@${registration.sender_localpart}:${serverName}`;
  const patterns = registration.namespaces.users.map(({ regex }) => new RegExp(`^(?:${regex})`));
  return { registration, sender, owns: user => user === sender || patterns.some(pattern => pattern.test(user)) };
}
