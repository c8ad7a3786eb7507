export { type Loaded, loadConfig } from "./config/load.ts";
export { formatProblem, type Problem } from "./config/problem.ts";
export type { Config } from "./config/schema.ts";
export { createFanin, type Fanin } from "./fanin.ts";
