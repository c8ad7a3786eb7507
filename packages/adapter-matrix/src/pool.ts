import { createRequire } from "node:module";
import type undici from "undici";

// By file, put together as undici's index does it: the index loads a fetch, WebSocket and caches as well, for 4 MB and
// 30 ms.
const require = createRequire(import.meta.url);

/** undici's pool of connections to one server. */
export const Pool: typeof undici.Pool = require("undici/lib/dispatcher/pool.js");
Object.assign(Pool.prototype, require("undici/lib/api/index.js"));
