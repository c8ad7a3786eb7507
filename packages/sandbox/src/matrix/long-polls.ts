import type { Homeserver } from "./homeserver.ts";
import type { Call } from "./router.ts";

interface Poll {
  readonly user: string;
  readonly end: () => void;
  readonly cut: () => void;
}

/** The /sync requests that wait for something to happen. */
export class LongPolls {
  readonly #polls = new Set<Poll>();
  readonly #stopListening: () => void;

  constructor(homeserver: Homeserver) {
    this.#stopListening = homeserver.listen(({ event }, room) => {
      for (const poll of this.#polls) {
        if (room.joined.has(poll.user) || event.state_key === poll.user) poll.end();
      }
    });
  }

  /** Resolves when something happened that concerns `user`, or after `timeoutMs`. Resolves also when the client hangs up. */
  async wait(user: string, timeoutMs: number, call: Pick<Call, "cut" | "onGone">): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => poll.end(), timeoutMs);
      const poll: Poll = {
        user,
        cut: call.cut,
        end: () => {
          clearTimeout(timer);
          this.#polls.delete(poll);
          resolve();
        },
      };
      this.#polls.add(poll);
      call.onGone(poll.end);
    });
  }

  /** How many requests of `user` are waiting now. */
  waiting(user: string): number {
    return [...this.#polls].filter(poll => poll.user === user).length;
  }

  wake(user: string): void {
    for (const poll of this.#polls) if (poll.user === user) poll.end();
  }

  /** Cuts the connection of every waiting request. */
  drop(): void {
    for (const poll of this.#polls) {
      poll.cut();
      poll.end();
    }
  }

  close(): void {
    this.#stopListening();
    this.drop();
  }
}
