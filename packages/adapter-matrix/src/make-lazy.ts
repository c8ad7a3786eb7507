import { Module } from "node:module";

/**
 * Makes a CommonJS package load on its first use instead of when it is required. One that isn't installed, or is loaded
 * already, is left alone.
 */
export function makeLazy(require: NodeJS.Require, name: string): void {
  const path = resolve(require, name);
  if (path === undefined || require.cache[path]) return;
  const standIn = new Module(path);
  const load = () => {
    if (require.cache[path] === standIn) delete require.cache[path];
    return require(path);
  };
  standIn.exports = new Proxy(uncalled, {
    get: (_, key) => Reflect.get(load(), key),
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args) => Reflect.construct(load(), args),
  });
  standIn.loaded = true;
  require.cache[path] = standIn;
}

function resolve(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** What a proxy must stand for to be called and constructed. */
function uncalled(): void {}
