import { type Finding, RelayError, type RelayErrorOptions } from "@fanin/core";
import { z } from "zod";
import { MatrixError } from "./sdk.ts";

/**
 * Whatever the SDK or the connection throws → `RelayError`. `what` names the call, without ids.
 * https://spec.matrix.org/latest/client-server-api/#standard-error-response
 */
export function translate(error: unknown, what: string): RelayError {
  if (error instanceof RelayError) return error;
  if (error instanceof MatrixError) return fromMatrix(error, what);
  const answered = Answered.safeParse(error);
  if (answered.success) return fromStatus(answered.data.statusCode, what, error);
  return fromConnection(error, what);
}

/** The homeserver's own error code behind a translated error, such as `M_USER_IN_USE`. */
export function errcodeOf(error: unknown): string | undefined {
  return error instanceof RelayError && error.cause instanceof MatrixError ? error.cause.errcode : undefined;
}

/** A homeserver's answer, read; an answer of another shape is none, and what was asked may have taken effect. */
export function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const options = { retry: "later", delivered: "unknown", cause: read.error } as const;
  throw new RelayError("unreachable", "The homeserver's answer was not understood", options);
}

const wrongToken: Finding = {
  id: "wrong-token",
  severity: "refuse",
  says: "The homeserver does not accept this token.",
  cure: "Put a valid access token, or the registration that the homeserver has loaded, into the configuration.",
};

/** The SDK throws the bare response where its body is no Matrix error. */
const Answered = z.object({ statusCode: z.number() });

function fromMatrix(error: MatrixError, what: string): RelayError {
  const { errcode, statusCode, retryAfterMs } = error;
  const message = `${what} was answered with ${errcode} (${statusCode})`;
  const never: RelayErrorOptions = { retry: "never", cause: error };
  switch (errcode) {
    case "M_LIMIT_EXCEEDED":
      return new RelayError("rate-limited", message, {
        retry: "later",
        retryAfterMs: retryAfterMs ?? 1000,
        cause: error,
      });
    case "M_UNKNOWN_TOKEN":
    case "M_MISSING_TOKEN":
    case "M_USER_DEACTIVATED":
      return new RelayError("unauthorized", `${message}: ${wrongToken.says}`, { ...never, finding: wrongToken });
    // An application service's device was deleted: `prepare` makes it again.
    case "M_UNKNOWN_DEVICE":
      return new RelayError("unprepared", message, { retry: "later", cause: error });
    case "M_FORBIDDEN":
      return new RelayError("forbidden", message, never);
    case "M_NOT_FOUND":
      return new RelayError("not-found", message, never);
  }
  return fromStatus(statusCode, what, error, message);
}

function fromStatus(
  status: number,
  what: string,
  cause: unknown,
  message = `${what} was answered with ${status}`,
): RelayError {
  if (status === 429) return new RelayError("rate-limited", message, { retry: "later", retryAfterMs: 1000, cause });
  // A proxy in front may say so of a call that the homeserver has carried out.
  if (status >= 500 || status === 408)
    return new RelayError("unreachable", message, { retry: "later", delivered: "unknown", cause });
  if (status === 401) return new RelayError("unauthorized", message, { retry: "never", finding: wrongToken, cause });
  return new RelayError("rejected", message, { retry: "never", cause });
}

/** What fails before a request can have left. */
const beforeSending = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

const Coded = z.object({ code: z.string() });

function fromConnection(error: unknown, what: string): RelayError {
  const code = Coded.safeParse(error).data?.code;
  const message = `${what} got no answer from the homeserver${code ? ` (${code})` : ""}`;
  const delivered = code !== undefined && beforeSending.has(code) ? "no" : "unknown";
  return new RelayError("unreachable", message, { retry: "later", delivered, cause: error });
}
