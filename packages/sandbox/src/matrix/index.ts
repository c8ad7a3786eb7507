export type { AppServiceRegistration } from "./app-service.ts";
export type { RoomOptions } from "./create-room.ts";
export { MatrixFaults } from "./faults.ts";
export type { Homeserver } from "./homeserver.ts";
export { MatrixError } from "./matrix-error.ts";
export { matrixRates } from "./rates.ts";
export { createMatrixStandIn, type MatrixStandIn, type MatrixStandInOptions, type MatrixUser } from "./stand-in.ts";
