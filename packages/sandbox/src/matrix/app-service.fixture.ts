import { once } from "node:events";
import { createServer } from "node:http";
import type { AppServiceRegistration } from "./app-service.ts";
import { type Content, isRecord } from "./event.ts";

interface Transaction {
  readonly id: string;
  readonly body: string;
  readonly events: readonly Content[];
}

export interface ListeningAppService {
  readonly registration: AppServiceRegistration;
  readonly transactions: Transaction[];
  /** How it answers from now on, and what it has seen. */
  readonly state: { status: number; answer: string; pings: number; inFlight: number; mostInFlight: number };
  /** Answers wait until the returned function is called. */
  hold(): () => void;
  /** What was said in all transactions. */
  bodies(): string[];
  close(): Promise<void>;
}

/** An application service that notes what is pushed to it and answers as told. */
export async function createListeningAppService(): Promise<ListeningAppService> {
  const transactions: Transaction[] = [];
  const state = { status: 200, answer: "{}", pings: 0, inFlight: 0, mostInFlight: 0 };
  let hold: Promise<void> | undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", piece => {
      body += piece;
    });
    request.on("end", async () => {
      state.inFlight += 1;
      state.mostInFlight = Math.max(state.mostInFlight, state.inFlight);
      if (request.headers.authorization !== "Bearer hs-secret") response.statusCode = 403;
      else if (request.url === "/_matrix/app/v1/ping") state.pings += 1;
      else {
        const parsed: unknown = JSON.parse(body);
        const events = isRecord(parsed) && Array.isArray(parsed["events"]) ? parsed["events"].filter(isRecord) : [];
        transactions.push({ id: request.url?.split("/").at(-1) ?? "", body, events });
        response.statusCode = state.status;
      }
      await hold;
      state.inFlight -= 1;
      response.end(state.answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const registration: AppServiceRegistration = {
    id: "fanin",
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    as_token: "as-secret",
    hs_token: "hs-secret",
    sender_localpart: "relay",
    rate_limited: false,
    namespaces: { users: [{ exclusive: true, regex: "@_fanin_.*" }] },
  };
  return {
    registration,
    transactions,
    state,
    hold: () => {
      let release: () => void = () => {};
      hold = new Promise(resolve => {
        release = resolve;
      });
      return release;
    },
    bodies: () =>
      transactions
        .flatMap(({ events }) => events)
        .map(event => (isRecord(event["content"]) ? event["content"]["body"] : undefined))
        .filter(body => typeof body === "string"),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
