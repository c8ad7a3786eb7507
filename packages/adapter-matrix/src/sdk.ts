// First, before the SDK.
import "./unused-imports.ts";

export { LogService, MatrixClient, MatrixError, setRequestFn } from "matrix-bot-sdk";
