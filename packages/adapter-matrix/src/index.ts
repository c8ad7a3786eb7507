export { type AccountOptions, type AppserviceOptions, createMatrixAdapter, type MatrixOptions } from "./adapter.ts";
export { Registration } from "./registration.ts";
export type { MatrixPart } from "./render.ts";
