import { type Content, isRecord } from "./event.ts";

interface Answered {
  readonly status: number;
  readonly json: Content;
  readonly retryAfter: string | null;
}

/** A bare client for what the SDK's hides: the status and the exact error. */
export async function ask(url: string, token: string, route: string, body?: Content): Promise<Answered> {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${url}/_matrix/client/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await response.json();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), json: isRecord(json) ? json : {} };
}
