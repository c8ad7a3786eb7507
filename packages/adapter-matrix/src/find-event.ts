import { RelayError } from "@fanin/core";
import type { Call } from "./http.ts";
import { MatrixEvent } from "./payload.ts";
import { roomPath } from "./room-path.ts";

/** An event by its id; undefined where there is none that we may see. */
export async function findEvent(call: Call, room: string, id: string): Promise<MatrixEvent | undefined> {
  try {
    return MatrixEvent.safeParse(await call("GET", roomPath(room, `event/${encodeURIComponent(id)}`))).data;
  } catch (error) {
    if (error instanceof RelayError && (error.code === "not-found" || error.code === "forbidden")) return undefined;
    throw error;
  }
}
