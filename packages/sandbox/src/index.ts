export { type Fault, Faults } from "./faults.ts";
export type { Person, Place, Said } from "./place.ts";
export { createLimiter, type Rate, type Verdict } from "./rates.ts";
