import type { Content } from "./event.ts";
import type { Room } from "./room.ts";

export interface Membership {
  readonly room: Room;
  readonly membership: string;
  /** Where it became so; a later change of profile does not count. */
  readonly since: number;
}

/** One user of the server. */
export interface Account {
  readonly id: string;
  displayname: string | undefined;
  avatarUrl: string | undefined;
  /** Written for by a bridge or an application service, not a person. */
  readonly automated: boolean;
  readonly devices: Set<string>;
  /** By room id; every room the account has ever had to do with. */
  readonly rooms: Map<string, Membership>;
  /** By `room id or nothing` + newline + type. */
  readonly data: Map<string, { readonly position: number; readonly content: Content }>;
  readonly filters: Content[];
}

export function createAccount(id: string, automated: boolean, displayname?: string): Account {
  return {
    id,
    displayname,
    avatarUrl: undefined,
    automated,
    devices: new Set(),
    rooms: new Map(),
    data: new Map(),
    filters: [],
  };
}
