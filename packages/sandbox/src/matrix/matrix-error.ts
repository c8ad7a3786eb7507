import type { Content } from "./event.ts";

/** An error answer of the client-server API: HTTP status and `{errcode, error}`. */
export class MatrixError extends Error {
  readonly status: number;
  readonly errcode: string;
  /** Further members of the answer's JSON, such as `retry_after_ms`. */
  readonly details: Content;

  constructor(status: number, errcode: string, message: string, details: Content = {}) {
    super(message);
    this.name = "MatrixError";
    this.status = status;
    this.errcode = errcode;
    this.details = details;
  }
}

export function forbidden(message: string): MatrixError {
  return new MatrixError(403, "M_FORBIDDEN", message);
}

export function notFound(message: string): MatrixError {
  return new MatrixError(404, "M_NOT_FOUND", message);
}

export function invalid(message: string): MatrixError {
  return new MatrixError(400, "M_INVALID_PARAM", message);
}

export function limitExceeded(retryAfterMs: number): MatrixError {
  return new MatrixError(429, "M_LIMIT_EXCEEDED", "Too Many Requests", { retry_after_ms: retryAfterMs });
}
