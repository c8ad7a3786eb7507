import { type Content, isRecord, stringAt } from "./event.ts";
import type { MatrixFaults } from "./faults.ts";
import { context, eventAt, messages, relations, visible } from "./history.ts";
import type { Homeserver, SendOptions } from "./homeserver.ts";
import { positionOf } from "./ids.ts";
import type { Limits } from "./limits.ts";
import type { LongPolls } from "./long-polls.ts";
import { invalid } from "./matrix-error.ts";
import type { Call, Router } from "./router.ts";
import type { Caller } from "./sessions.ts";
import { buildSync, hasNews } from "./sync.ts";
import type { TransactionIds } from "./transaction-ids.ts";
import { sessionOf, view } from "./view.ts";

const v1 = "/_matrix/client/v1";
const v3 = "/_matrix/client/v3";

export interface EventParts {
  readonly homeserver: Homeserver;
  readonly limits: Limits;
  readonly polls: LongPolls;
  readonly faults: MatrixFaults;
  readonly transactionIds: TransactionIds;
}

/** What is said in rooms: sending, redacting, reading back, and /sync. */
export function routeEvents(router: Router, parts: EventParts): void {
  const { homeserver } = parts;
  router.on(`PUT ${v3}/rooms/:room/send/:type/:txn`, call => send(call, parts));
  router.on(`PUT ${v3}/rooms/:room/redact/:event/:txn`, call => send(call, parts));
  router.on(`GET ${v3}/sync`, call => sync(call, parts));

  const room = (call: Call) => homeserver.room(call.param("room"));
  router.on(`GET ${v3}/rooms/:room/messages`, call => messages(room(call), call.caller(), call.query));
  router.on(`GET ${v3}/rooms/:room/context/:event`, call =>
    context(room(call), call.caller(), call.param("event"), call.query),
  );
  router.on(`GET ${v3}/rooms/:room/event/:event`, call => {
    const caller = call.caller();
    return { ...view(room(call), visible(room(call), caller, call.param("event")), caller) };
  });
  router.on(`GET ${v1}/rooms/:room/timestamp_to_event`, call => eventAt(room(call), call.caller(), call.query));
  for (const narrower of ["", "/:relation", "/:relation/:type"]) {
    router.on(`GET ${v1}/rooms/:room/relations/:event${narrower}`, call =>
      relations(room(call), call.caller(), call.param("event"), call.param("relation"), call.param("type")),
    );
  }
}

function send(call: Call, { homeserver, limits, transactionIds }: EventParts): Content {
  const caller = call.caller();
  const room = homeserver.room(call.param("room"));
  const transactionId = call.param("txn");
  const known = transactionIds.find(caller, call.path, room.id, transactionId);
  if (known !== undefined) return { event_id: known };
  limits.check("message", caller);

  const body = call.body();
  const type = call.param("type");
  const at = caller.appService ? call.query.get("ts") : null;
  const options: SendOptions = {
    sent: { session: sessionOf(caller), transactionId },
    ...(at === null ? {} : { at: Number(at) }),
  };
  const redacts =
    type === "" ? call.param("event") : type === "m.room.redaction" ? stringAt(body, "redacts") : undefined;
  const user = caller.account.id;
  const { event } =
    redacts === undefined
      ? homeserver.send(user, room, type, body, options)
      : homeserver.redact(user, room, redacts, stringAt(body, "reason"), options);
  transactionIds.remember(caller, call.path, room.id, transactionId, event.event_id);
  return { event_id: event.event_id };
}

async function sync(call: Call, { homeserver, polls, faults }: EventParts): Promise<Content> {
  const caller = call.caller();
  const token = call.query.get("since");
  const since = token === null ? undefined : positionOf(token);
  if (token !== null && since === undefined) throw invalid("Invalid stream token");
  const filter = filterOf(call, caller);
  const answer = () =>
    buildSync({ caller, since, now: homeserver.position, filter, timelineLimit: faults.timelineLimit });

  const deadline = performance.now() + Number(call.query.get("timeout") ?? 0);
  let response = answer();
  while (since !== undefined && !hasNews(response)) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0 || call.isGone()) break;
    await polls.wait(caller.account.id, leftMs, call);
    response = answer();
  }
  return { ...response };
}

function filterOf(call: Call, { account }: Caller): Content {
  const given = call.query.get("filter");
  if (given === null) return {};
  const filter: unknown = given.startsWith("{") ? JSON.parse(given) : account.filters[Number(given)];
  if (!isRecord(filter)) throw invalid("No such filter");
  return filter;
}
