import type { Caller } from "./sessions.ts";

/**
 * Which event a transaction id made, so that a repeated send is the same event. As Synapse has it: by path and caller
 * until the server restarts, where all accounts of an application service are one caller; and for good by room, account
 * and device, whatever the event type.
 */
export class TransactionIds {
  readonly #untilRestart = new Map<string, string>();
  readonly #forGood = new Map<string, string>();

  find(caller: Caller, path: string, room: string, transaction: string): string | undefined {
    const durable = durableKey(caller, room, transaction);
    return this.#untilRestart.get(pathKey(caller, path)) ?? (durable ? this.#forGood.get(durable) : undefined);
  }

  remember(caller: Caller, path: string, room: string, transaction: string, eventId: string): void {
    this.#untilRestart.set(pathKey(caller, path), eventId);
    const durable = durableKey(caller, room, transaction);
    if (durable) this.#forGood.set(durable, eventId);
  }

  restart(): void {
    this.#untilRestart.clear();
  }
}

function pathKey({ account, appService, device }: Caller, path: string): string {
  return appService ? `${path} ${appService.registration.id}` : `${path} ${account.id} ${device}`;
}

function durableKey({ account, device }: Caller, room: string, transaction: string): string | undefined {
  return device === undefined ? undefined : `${room} ${account.id} ${device} ${transaction}`;
}
