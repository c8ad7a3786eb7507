import { type Logger, pino } from "pino";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** Writes to standard output: lines for people on a terminal, JSON otherwise. Every line is out when the call returns. */
export async function createLogger(level: LogLevel, isTerminal: boolean): Promise<Logger> {
  const options = { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  if (!isTerminal) return pino({ ...options, formatters: { level: label => ({ level: label }) } });
  const { default: pretty } = await import("pino-pretty");
  return pino(options, pretty({ sync: true, hideObject: true, translateTime: "SYS:HH:MM:ss" }));
}
