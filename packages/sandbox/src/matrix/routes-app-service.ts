import { MatrixError } from "./matrix-error.ts";
import type { Pusher } from "./push.ts";
import type { Router } from "./router.ts";
import type { Sessions } from "./sessions.ts";

/** `POST …/appservice/{id}/ping`: has the service asked, and its waiting transactions retried at once. */
export function routePing(router: Router, sessions: Sessions, pushers: ReadonlyMap<string, Pusher>): void {
  router.on("POST /_matrix/client/v1/appservice/:id/ping", async call => {
    const id = call.param("id");
    const pusher = pushers.get(id);
    if (call.caller().appService?.registration.id !== id || !pusher) {
      throw new MatrixError(403, "M_FORBIDDEN", "Mismatching application service id in path");
    }
    if (sessions.appServices.get(id)?.registration.url === null) {
      throw new MatrixError(400, "M_URL_NOT_SET", "The application service does not have a URL set");
    }
    pusher.retryNow();
    const started = performance.now();
    const status = await pusher.ping(call.body());
    if (status === undefined) throw new MatrixError(502, "M_CONNECTION_FAILED", "Failed to connect");
    if (status >= 300) throw new MatrixError(502, "M_BAD_STATUS", `HTTP ${status}`, { status });
    return { duration_ms: Math.round(performance.now() - started) };
  });
}
