import { once } from "node:events";
import type { Person, Place } from "../place.ts";
import type { AppServiceRegistration } from "./app-service.ts";
import { createRoom, type RoomOptions } from "./create-room.ts";
import { MatrixFaults } from "./faults.ts";
import { Homeserver } from "./homeserver.ts";
import { createHttpServer } from "./http.ts";
import { createLimits } from "./limits.ts";
import { LongPolls } from "./long-polls.ts";
import { Pusher } from "./push.ts";
import { createRoomPlace } from "./room-place.ts";
import { Router } from "./router.ts";
import { routeAccounts } from "./routes-account.ts";
import { routePing } from "./routes-app-service.ts";
import { routeEvents } from "./routes-events.ts";
import { openMediaPath, routeMedia } from "./routes-media.ts";
import { routeRooms } from "./routes-rooms.ts";
import { Sessions } from "./sessions.ts";
import { TransactionIds } from "./transaction-ids.ts";

export interface MatrixStandInOptions {
  readonly serverName: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Multiplies the documented rates; 1 unless given, `Infinity` lifts them. */
  readonly rateScale?: number;
  /** The first wait after a failed transaction, doubling from there; 2,000 ms unless given. */
  readonly pushBackoffMs?: number;
}

export interface MatrixUser {
  readonly id: string;
  readonly accessToken: string;
  readonly device: string;
}

/** A homeserver on 127.0.0.1 that speaks the client-server API and pushes to application services; all in memory. */
export interface MatrixStandIn {
  readonly url: string;
  readonly serverName: string;
  readonly faults: MatrixFaults;
  /** Accounts, rooms and events in process, for what the sandbox plays itself. */
  readonly homeserver: Homeserver;
  /** A plain account, made if there is none, with a new access token. `name` is its display name and, lower-case, its localpart. */
  addUser(name: string): MatrixUser;
  /** Takes a registration as the homeserver's configuration would, and begins to push. */
  addAppService(registration: AppServiceRegistration): void;
  /** Makes a public room, or as the options say; its creator is an account of the server's own unless given. Returns its id. */
  addRoom(options?: RoomOptions & { readonly creator?: string }): string;
  /** The room as these people use it; they are registered and brought in. */
  place(roomId: string, people: readonly Person[]): Place;
  /** How many /sync requests of a user are waiting. */
  pollsOf(user: string): number;
  /** Cuts every waiting /sync request. */
  dropPolls(): void;
  /** How many events an application service has not yet taken. */
  backlogOf(appServiceId: string): number;
  /** What a restart of the process does: connections cut, transaction ids from 1, the push backlog waits for the next event. */
  restart(): void;
  close(): Promise<void>;
}

/** Starts the stand-in; resolves when it listens. */
export async function createMatrixStandIn(options: MatrixStandInOptions): Promise<MatrixStandIn> {
  const { serverName } = options;
  const homeserver = new Homeserver(serverName);
  const sessions = new Sessions(homeserver);
  const faults = new MatrixFaults();
  const polls = new LongPolls(homeserver);
  const limits = createLimits(options.rateScale ?? 1);
  const transactionIds = new TransactionIds();
  const pushers = new Map<string, Pusher>();

  const router = new Router();
  routeAccounts(router, homeserver, sessions, polls);
  routeRooms(router, homeserver, limits);
  routeEvents(router, { homeserver, limits, polls, faults, transactionIds });
  routeMedia(router, serverName, new Map());
  routePing(router, sessions, pushers);
  const server = createHttpServer(router, sessions, faults);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;

  const url = `http://127.0.0.1:${port}`;
  const pictureUrl = (mxc: string) => mxc.replace(/^mxc:\//, `${url}${openMediaPath}`);

  return {
    url,
    serverName,
    faults,
    homeserver,
    addUser: name => {
      const account = homeserver.register(homeserver.userId(name.toLowerCase()), { displayname: name });
      return { id: account.id, ...sessions.logIn(account) };
    },
    addAppService: registration => {
      const appService = sessions.addAppService(registration);
      const backoffMs = options.pushBackoffMs ?? 2000;
      pushers.set(registration.id, new Pusher(homeserver, appService, faults, backoffMs));
    },
    addRoom: ({ creator = homeserver.userId("admin"), ...room } = {}) => {
      homeserver.register(creator);
      return createRoom(homeserver, creator, { preset: "public_chat", ...room }).id;
    },
    place: (roomId, people) => createRoomPlace(homeserver, homeserver.room(roomId), people, pictureUrl),
    pollsOf: user => polls.waiting(user),
    dropPolls: () => polls.drop(),
    backlogOf: id => pushers.get(id)?.waiting ?? 0,
    restart: () => {
      transactionIds.restart();
      for (const pusher of pushers.values()) pusher.restart();
      polls.drop();
      server.closeAllConnections();
    },
    close: async () => {
      polls.close();
      for (const pusher of pushers.values()) pusher.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
