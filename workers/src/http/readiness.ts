import type { RelayStatus } from "@fanin/core";

/** Whether everything that is meant to relay does, and what does not. */
export interface Readiness {
  readonly ready: boolean;
  readonly unready: readonly Unready[];
  /** Links that stand still until somebody resumes them; they don't make the relay unready. */
  readonly paused: readonly string[];
}

interface Unready {
  readonly what: string;
  readonly state: string;
  readonly says?: string;
  readonly cure?: string;
}

/** Ready: every link is active on a connected network, or paused. Pure. */
export function readinessOf({ links, networks }: RelayStatus): Readiness {
  const running = new Set(links.filter(({ state }) => state === "active").map(({ name }) => name.split(":", 1)[0]));
  const unready = [
    ...networks
      .filter(({ network, state }) => state !== "connected" && running.has(network))
      .map(({ error, network, state }) => ({ what: network, state, ...(error ? { says: error.message } : {}) })),
    ...links
      .filter(({ state }) => state !== "active" && state !== "paused")
      .map(({ finding, name, state }) => ({
        what: name,
        state,
        ...(finding ? { says: finding.says, cure: finding.cure } : {}),
      })),
  ];
  const paused = links.filter(({ state }) => state === "paused").map(({ name }) => name);
  return { ready: unready.length === 0, unready, paused };
}

export function notYet(what: string, state: string): Readiness {
  return { ready: false, unready: [{ what, state }], paused: [] };
}
