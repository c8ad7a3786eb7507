import type { Rate } from "../rates.ts";

/** Synapse's default limits (`rc_message`, `rc_joins.local`, `rc_invites.per_user`, `rc_room_creation`). An app service's own account is exempt. */
export const matrixRates: Readonly<Record<"message" | "join" | "invite" | "createRoom", Rate>> = {
  message: { calls: "send, state, redact", per: "account", amount: 0.2, intervalMs: 1000, burst: 10 },
  join: { calls: "join", per: "account", amount: 0.1, intervalMs: 1000, burst: 10 },
  invite: { calls: "invite, by who is invited", per: "account", amount: 0.003, intervalMs: 1000, burst: 5 },
  createRoom: { calls: "createRoom", per: "account", amount: 0.016, intervalMs: 1000, burst: 10 },
};
