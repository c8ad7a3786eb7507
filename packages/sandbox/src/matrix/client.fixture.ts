import { type Content, isRecord } from "./event.ts";

/** A bare client for what the SDK's hides: status, headers and the exact error. */
export async function ask(url: string, token: string, route: string, body?: Content) {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${url}/_matrix/client/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await response.json();
  return { status: response.status, headers: response.headers, json: isRecord(json) ? json : {} };
}
