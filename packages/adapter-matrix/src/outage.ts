import { RelayError } from "@fanin/core";
import type { Account } from "./account.ts";
import type { Call } from "./http.ts";

/**
 * Notices by calls that fail that the homeserver was away. Synapse holds events in memory between counting them as
 * pushed and pushing them, so that one that was killed never pushes some of them: they have to be read.
 */
export class Outage {
  #isOut = false;
  #onEnd: (() => void) | undefined;

  /** The same account, its calls listened to. */
  watched(account: Account): Account {
    const call: Call = async (...request) => {
      try {
        const answer = await account.call(...request);
        this.end();
        return answer;
      } catch (error) {
        this.#isOut ||= error instanceof RelayError && error.code === "unreachable";
        throw error;
      }
    };
    return { ...account, call };
  }

  /** Calls back at the first sign of life after each outage. */
  whenOver(onEnd: () => void): void {
    this.#onEnd = onEnd;
  }

  /** The homeserver has given a sign of life. */
  end(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    this.#onEnd?.();
  }
}
