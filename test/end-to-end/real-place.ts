import type { Person, Place, Said } from "@fanin/sandbox";

/** A place on a real server, which has to be asked what was said. */
export interface RealPlace extends Place {
  /** Reads the place anew; `said` shows it as it was then. */
  refresh(): Promise<void>;
}

/** How one kind of server is read and spoken to. */
export interface RealPlaceSource extends Omit<Place, "said" | "watch"> {
  readonly people: readonly Person[];
  read(): Promise<readonly Said[]>;
}

/** A real place as the ledger counts it, in the same terms as the stand-ins' places. */
export function createRealPlace({ read, ...source }: RealPlaceSource): RealPlace {
  let shown: readonly Said[] = [];
  const watchers = new Set<() => void>();
  return {
    ...source,
    said: () => shown,
    watch: changed => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    refresh: async () => {
      const before = JSON.stringify(shown);
      shown = await read();
      if (JSON.stringify(shown) !== before) for (const changed of watchers) changed();
    },
  };
}
