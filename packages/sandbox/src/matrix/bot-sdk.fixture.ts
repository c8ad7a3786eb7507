import { LogService, MatrixClient, setRequestFn } from "matrix-bot-sdk";

LogService.muteModule("MatrixHttpClient");
LogService.muteModule("MatrixClientLite");

interface Ask {
  readonly uri: string;
  readonly method: string;
  readonly qs?: Record<string, unknown>;
  readonly body?: string;
  readonly headers: Record<string, string>;
  readonly encoding?: null;
}

/** matrix-bot-sdk's real client, its HTTP carried by fetch. */
export function createBotClient(url: string, accessToken: string): MatrixClient {
  setRequestFn((ask: Ask, done: (error: unknown, response?: unknown, body?: unknown) => void) => {
    carry(ask).then(
      ({ statusCode, headers, body }) => done(null, { statusCode, headers, body }, body),
      error => done(error),
    );
  });
  return new MatrixClient(url, accessToken);
}

async function carry(ask: Ask) {
  const url = new URL(ask.uri);
  for (const [name, value] of Object.entries(ask.qs ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, {
    method: ask.method,
    headers: ask.headers,
    ...(ask.body === undefined ? {} : { body: ask.body }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: ask.encoding === null ? bytes : bytes.toString(),
  };
}
