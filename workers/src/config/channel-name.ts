/** What is wrong with a channel as written after the colon; undefined where the network may know it. Pure. */
export function channelProblem(adapter: string, channel: string): string | undefined {
  const grammar = grammars.get(adapter);
  if (!grammar || grammar.is.test(channel)) return undefined;
  return `${JSON.stringify(channel)} is no ${grammar.what}: write ${grammar.write}.`;
}

interface Grammar {
  readonly is: RegExp;
  readonly what: string;
  readonly write: string;
}

const grammars = new Map<string, Grammar>([
  [
    "slack",
    {
      is: /^(?:[CG][A-Z0-9]{5,}|#[^\s#,.]{1,80})$/,
      what: "Slack channel",
      write: 'its id (C024BE91L, at the bottom of "Channel details") or "#name"',
    },
  ],
  [
    "discord",
    {
      is: /^(?:\d{17,19}|#[^\s#]{1,100})$/,
      what: "Discord channel",
      write: 'its id (17 to 19 digits, "Copy Channel ID" in developer mode) or "#name"',
    },
  ],
  [
    "matrix",
    {
      // Ids of rooms of version 12 and later have no server.
      is: /^(?:![^\s:]+(?::[^\s:]+(?::\d+)?)?|#[^\s:]+:[^\s:]+(?::\d+)?)$/,
      what: "Matrix room",
      write: 'its id ("!…:server") or its alias ("#name:server")',
    },
  ],
]);
