import { RelayError } from "@fanin/core";
import { z } from "zod";
import { errcodeOf, understood } from "./errors.ts";
import { createHttp, type Http } from "./http.ts";
import type { Registration } from "./registration.ts";

/** Transaction ids survive a restart of the homeserver only where the sender has a device. */
const device = "FANIN";

/** The one account that speaks for everybody. */
export interface Account extends Http {
  /** What the homeserver says of itself; needs no token. */
  versions(): Promise<unknown>;
  /** Its user id. Asks the homeserver once. */
  self(): Promise<string>;
  /** Makes what sending needs; idempotent. */
  prepare(): Promise<void>;
}

const Whoami = z.object({ user_id: z.string().min(1) });

/** An ordinary account by its access token. */
export function createPlainAccount(homeserver: string, accessToken: string): Account {
  const http = createHttp(homeserver, accessToken, () => ({}));
  return { ...http, versions: () => versions(http), self: once(() => whoami(http)), prepare: async () => {} };
}

/** The sender of an application service. */
export function createSender(homeserver: string, registration: Registration): Account {
  const { as_token: token, sender_localpart: localpart } = registration;
  const bare = createHttp(homeserver, token, () => ({}));
  let user = "";
  // Both, always: the user alone makes transaction ids forgotten by a restart, the device alone is an error.
  const masked = createHttp(homeserver, token, () => ({ user_id: user, device_id: device }));
  const self = once(async () => {
    user = await whoami(bare);
    if (user.startsWith(`@${localpart}:`)) return user;
    throw new RelayError("bad-config", `The homeserver knows this as_token as ${user}, not as @${localpart}:…`, {
      retry: "never",
      finding: {
        id: "wrong-registration",
        severity: "refuse",
        says: `The homeserver has loaded another registration for this as_token: its sender is ${user}.`,
        cure: "Give the homeserver and fanin the same registration file and restart the homeserver.",
      },
    });
  });

  async function prepare(): Promise<void> {
    await self();
    const type = "m.login.application_service";
    await tolerating(["M_USER_IN_USE"], () =>
      bare.call("POST", "/_matrix/client/v3/register", { body: { type, username: localpart, inhibit_login: true } }),
    );
    const path = `/_matrix/client/v3/devices/${device}`;
    const made = await tolerating(["M_UNRECOGNIZED", "M_NOT_FOUND"], () =>
      bare.call("PUT", path, { query: { user_id: user }, body: { display_name: "fanin" } }),
    );
    if (made) return;
    // Before Matrix 1.17 only a login makes a device.
    const identifier = { type: "m.id.user", user };
    await bare.call("POST", "/_matrix/client/v3/login", { body: { type, identifier, device_id: device } });
  }

  return {
    call: async (method, path, options) => {
      await self();
      // Reading needs no device, so that `check` can look before `prepare` makes it.
      return (method === "GET" ? bare : masked).call(method, path, options);
    },
    versions: () => versions(bare),
    self,
    prepare,
    close: async () => {
      await Promise.all([bare.close(), masked.close()]);
    },
  };
}

function versions({ call }: Http): Promise<unknown> {
  return call("GET", "/_matrix/client/versions");
}

async function whoami({ call }: Http): Promise<string> {
  return understood(Whoami, await call("GET", "/_matrix/client/v3/account/whoami")).user_id;
}

/** False where the homeserver answered with one of these codes. */
async function tolerating(errcodes: readonly string[], call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (errcodes.includes(errcodeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Remembers what succeeded. */
function once<T>(get: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= get().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
