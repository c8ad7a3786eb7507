import { RelayError } from "@fanin/core";
import { formatProblem, type Problem } from "../config/problem.ts";

/** Tells a person why nothing could be done: one line each, on standard error. The exit code to end with. */
export function failWith(lines: readonly string[]): 1 {
  for (const line of lines) process.stderr.write(`fanin: ${line}\n`);
  return 1;
}

export function failWithProblems(problems: readonly Problem[]): 1 {
  return failWith(problems.map(formatProblem));
}

/** For what a person can mend. Anything else is a defect, whose stack is wanted, and is thrown again. */
export function failWithError(error: unknown): 1 {
  if (!(error instanceof RelayError)) throw error;
  return failWith(error.message.split("\n"));
}
