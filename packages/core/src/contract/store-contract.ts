import type { Store } from "../store.ts";
import type { TestFunction } from "./adapter-contract.ts";
import { acceptCases } from "./store/accept-cases.ts";
import { channelCases } from "./store/channel-cases.ts";
import { deferCases } from "./store/defer-cases.ts";
import { foldCases } from "./store/fold-cases.ts";
import { laneCases } from "./store/lane-cases.ts";
import { mapCases } from "./store/map-cases.ts";

/** A store as the contract needs it. */
export interface StoreSubject {
  /** Open and empty. */
  readonly store: Store;
  /** The process dies and starts again: resolves to the store as it was left, open. */
  reopen(): Promise<Store>;
  /** Leaves no process and no file behind. */
  dispose(): Promise<void>;
}

/**
 * What every store must hold to, case by case: registers each with `test` (vitest's, node:test's or a plain function).
 * `create` makes a fresh store for each case. Times are the system's: the store under test runs by the system clock.
 */
export function storeContract(test: TestFunction, create: () => Promise<StoreSubject>): void {
  const cases = { ...acceptCases, ...foldCases, ...laneCases, ...deferCases, ...mapCases, ...channelCases };
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      const subject = await create();
      try {
        await run(subject);
      } finally {
        await subject.dispose();
      }
    });
  }
}
