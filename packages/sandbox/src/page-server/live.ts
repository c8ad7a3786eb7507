import type { LiveEvent, WindowView } from "./wire.ts";

/** How much of a conversation the page holds. */
const SHOWN = 200;
/** Changes of a place this close together are told once. */
const COALESCE_MS = 15;

/** Everybody who looks at the page. */
export class Live {
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  listen(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Calls back soon after a change, once for changes close together; `stop` forgets what is pending. */
export function coalesce(run: () => void): { changed: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, COALESCE_MS);
  };
  return { changed, stop: () => clearTimeout(timer) };
}

export function endOf(said: WindowView["said"]): WindowView["said"] {
  return said.slice(-SHOWN);
}
