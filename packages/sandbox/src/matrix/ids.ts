import { randomBytes } from "node:crypto";

/** As many random characters as a hash has in event ids and, since room version 12, in room ids: `$…`, `!…` without a server. */
export function newHash(): string {
  return randomBytes(32).toString("base64url");
}

export function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(18).toString("base64url")}`;
}

/** Pagination tokens name the place between two positions of the server's stream. */
export function tokenAfter(position: number): string {
  return `s${position}`;
}

export function positionOf(token: string): number | undefined {
  return /^s\d+$/.test(token) ? Number(token.slice(1)) : undefined;
}
