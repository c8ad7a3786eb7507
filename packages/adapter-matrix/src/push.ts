import { type Finding, type Inbox, RelayError } from "@fanin/core";
import type { Account } from "./account.ts";
import { openEndpoint } from "./appservice.ts";
import { errcodeOf } from "./errors.ts";
import type { Live } from "./live.ts";
import type { Outage } from "./outage.ts";
import type { Registration } from "./registration.ts";

export interface PushOptions {
  readonly account: Account;
  /** Of this account. */
  readonly outage: Outage;
  readonly live: Live;
  readonly inbox: Inbox;
  readonly registration: Registration;
  readonly listen: string;
  readonly signal: AbortSignal;
}

/**
 * Takes what the homeserver pushes until `signal` aborts; `done` then resolves. Rejects where the address can't be had
 * (`bad-config`), and where the homeserver says that it can't reach it.
 */
export async function receivePushes(options: PushOptions): Promise<{ readonly done: Promise<void> }> {
  const { account, outage, live, inbox, registration, listen, signal } = options;
  await account.prepare();
  const self = await account.self();
  outage.whenOver(() => inbox.missed());
  const take = (events: readonly unknown[]) => {
    // Before these events, so that they wait for those that never come.
    outage.end();
    return live.take(events);
  };
  const endpoint = await openEndpoint({ registration, listen, take, isOwn: user => user === self });
  const done = new Promise<void>(resolve => {
    const end = () => resolve(endpoint.close());
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  try {
    await ping(account, registration);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  inbox.report({ state: "connected" });
  return { done };
}

/**
 * After a failure the homeserver waits for up to nine minutes before it pushes again; asked whether it can reach us it
 * does so at once. Homeservers before Matrix 1.7 can't be asked.
 */
async function ping(account: Account, { id, url }: Registration): Promise<void> {
  try {
    await account.call("POST", `/_matrix/client/v1/appservice/${encodeURIComponent(id)}/ping`, { body: {} });
  } catch (error) {
    const errcode = errcodeOf(error) ?? "";
    const unreached = ["M_CONNECTION_FAILED", "M_CONNECTION_TIMEOUT", "M_BAD_STATUS", "M_URL_NOT_SET"].includes(
      errcode,
    );
    if (unreached) throw notReached(url, errcode, error);
    if (error instanceof RelayError && error.retry === "never" && error.code !== "unauthorized") return;
    throw error;
  }
}

function notReached(url: string, errcode: string, cause: unknown): RelayError {
  const finding: Finding = {
    id: "not-reached",
    severity: "refuse",
    says: `The homeserver cannot push to fanin at ${url} (${errcode}).`,
    cure: "Make the registration's `url` an address by which the homeserver reaches `listen`, and restart the homeserver after changing it or `hs_token`.",
  };
  return new RelayError("bad-config", finding.says, { retry: "later", finding, cause });
}
