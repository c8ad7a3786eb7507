import type * as z from "zod";
import { apiError, invalidForm } from "./api-error.ts";

/** What the caller sent, checked; throws 50035 naming the first field that is wrong. */
export function parseForm<T>(schema: z.ZodType<T>, sent: unknown): T {
  const { data, error } = schema.safeParse(sent);
  if (!error) return data;
  const issue = error.issues[0];
  if (issue?.code === "too_big" || issue?.code === "too_small") {
    throw invalidForm(issue.path, "BASE_TYPE_BAD_LENGTH", lengthMessage(issue));
  }
  const code = issue?.code === "custom" ? String(issue.params?.["code"]) : "BASE_TYPE_CHOICES";
  throw invalidForm(issue?.path ?? [], code, issue?.message ?? "Invalid");
}

function lengthMessage(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  return issue.code === "too_big"
    ? `Must be ${issue.maximum} or fewer in length.`
    : `Must be ${issue.minimum} or more in length.`;
}

/** The JSON body, checked; throws 50109 where it is no JSON. */
export async function readForm<T>(schema: z.ZodType<T>, request: { json(): Promise<unknown> }): Promise<T> {
  const sent = await request.json().catch(() => {
    throw apiError("invalidJson");
  });
  return parseForm(schema, sent);
}
