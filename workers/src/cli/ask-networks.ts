import { type Adapter, channelKey, type Finding, type LinkSpec, RelayError, type Room } from "@fanin/core";
import { linksOf, networkOf } from "../fanin.ts";

/** What a network said about its account or about one channel. No findings: all is well. */
export interface Answer {
  /** The network's name, or the channel as configured. */
  readonly what: string;
  /** The channel's id, where the network knows it. */
  readonly id?: string;
  readonly findings: readonly Finding[];
}

/** Asks each network about its account and its channels; writes and joins nothing, and closes the adapters. */
export async function askNetworks(
  adapters: readonly (readonly [string, Adapter])[],
  rooms: readonly Room[],
): Promise<Answer[]> {
  const specs = rooms.flatMap(linksOf);
  const answers = adapters.map(async ([name, adapter]) => {
    try {
      return await askNetwork(
        name,
        adapter,
        specs.filter(spec => networkOf(spec) === name),
      );
    } finally {
      await adapter.close();
    }
  });
  return withTwins((await Promise.all(answers)).flat());
}

async function askNetwork(name: string, adapter: Adapter, specs: readonly LinkSpec[]): Promise<Answer[]> {
  const account: Answer = { what: name, findings: await findingsOf(() => adapter.check()) };
  // A wrong token would be told once more for every channel.
  if (account.findings.some(({ severity }) => severity === "refuse")) return [account];
  const channels: Answer[] = [];
  for (const spec of specs) channels.push(await askChannel(name, adapter, spec));
  return [account, ...channels];
}

async function askChannel(network: string, adapter: Adapter, spec: LinkSpec): Promise<Answer> {
  let id: string | undefined;
  const findings = await findingsOf(async () => {
    const ref = await adapter.resolve(spec.channel.slice(network.length + 1));
    id = channelKey(ref);
    return adapter.check(ref);
  });
  const wanted = spec.private ? findings.filter(finding => finding.id !== "private") : findings;
  return { what: spec.channel, ...(id === undefined ? {} : { id }), findings: wanted };
}

async function findingsOf(ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    return [error.finding ?? asFinding(error)];
  }
}

function asFinding({ code, message, retry }: RelayError): Finding {
  const cure =
    retry === "later"
      ? "Try again; if it stays so, check the address and the network's status."
      : "Mend what it names.";
  return { id: code, severity: "refuse", says: /[.!?]$/.test(message) ? message : `${message}.`, cure };
}

/** Two names for one channel show only once both are resolved. */
function withTwins(answers: readonly Answer[]): Answer[] {
  const first = new Map<string, string>();
  return answers.map(answer => {
    const other = answer.id === undefined ? undefined : first.get(answer.id);
    if (answer.id !== undefined && other === undefined) first.set(answer.id, answer.what);
    if (other === undefined) return answer;
    const says = `It is the same channel as ${other}.`;
    const cure = "A channel belongs to one room: remove one of the two from the configuration.";
    return { ...answer, findings: [...answer.findings, { id: "channel-twice", severity: "refuse", says, cure }] };
  });
}
