import type { Adapter, Copy } from "@fanin/core";
import type { ContractNetwork } from "@fanin/core/contract";

/** Ways in which an adapter can be wrong; each breaks one promise of the contract and no other. */
export const adapterMutants: Record<string, (adapter: Adapter) => Partial<Adapter>> = {
  "a delete that does nothing": () => ({ remove: async () => {} }),

  "a send that happens twice": adapter => ({
    send: async (channel, part, key) => {
      await adapter.send(channel, part, key);
      return adapter.send(channel, part, key);
    },
  }),

  "an edit that is lost": () => ({ edit: async copy => copy }),

  "sends in swapped order": adapter => {
    let waiting: (() => Promise<Copy>) | undefined;
    let answered: Copy | undefined;
    return {
      // Keeps every message back until the next one has gone.
      send: async (channel, part, key) => {
        const late = waiting;
        if (!answered) {
          answered = await adapter.send(channel, part, key);
          return answered;
        }
        waiting = () => adapter.send(channel, part, key);
        await late?.();
        return answered;
      },
    };
  },

  "a cursor that jumps a gap": adapter => ({
    history: async function* (channel, after) {
      const all = await Array.fromAsync(adapter.history(channel, after));
      const last = all.at(-1);
      const cursor = last && last.type !== "lost" ? last.cursor : undefined;
      // Every event claims to stand at the end.
      for (const item of all) yield item.type === "lost" || !cursor ? item : { ...item, cursor };
    },
  }),

  "event ids made up anew": adapter => ({
    history: async function* (channel, after) {
      for await (const item of adapter.history(channel, after)) {
        yield item.type === "lost" ? item : { ...item, id: crypto.randomUUID() };
      }
    },
  }),

  "a recall that never finds": () => ({ recall: async () => "absent" }),

  "a split that drops the end": adapter => ({ render: post => adapter.render(post).slice(0, 1) }),

  "copies written as somebody unknown": () => ({ prepare: async () => ["somebody-else"] }),
};

/** The network with its adapter broken in one way. */
export function breakAdapter(
  network: ContractNetwork,
  mutant: (adapter: Adapter) => Partial<Adapter>,
): ContractNetwork {
  const { adapter } = network;
  const broken = mutant(adapter);
  return { ...bound(network), adapter: { ...bound(adapter), ...broken } };
}

/** All members of an object, also those of its class, as properties. */
function bound<T extends object>(object: T): T {
  return new Proxy(object, {
    ownKeys: target => [...new Set([...Reflect.ownKeys(target), ...Reflect.ownKeys(Object.getPrototypeOf(target))])],
    getOwnPropertyDescriptor: (target, name) => ({
      configurable: true,
      enumerable: true,
      value: Reflect.get(target, name),
    }),
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
