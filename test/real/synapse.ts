import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "./free-port.ts";
import { install } from "./install.ts";
import { type MatrixUser, matrixUser } from "./matrix-user.ts";
import { startServer } from "./server-process.ts";

/** An application service's registration file, https://spec.matrix.org/latest/application-service-api/#registration */
export interface Registration {
  readonly id: string;
  readonly url: string | null;
  readonly as_token: string;
  readonly hs_token: string;
  readonly sender_localpart: string;
  readonly rate_limited: boolean;
  readonly namespaces: Readonly<
    Record<"users" | "aliases" | "rooms", readonly { exclusive: boolean; regex: string }[]>
  >;
}

/** A real homeserver, named `localhost`, without limits on its users' rates. */
export interface Synapse {
  readonly url: string;
  readonly pid: number;
  addUser(name: string, options?: { admin?: boolean }): Promise<MatrixUser>;
  /** An application service's own account. */
  appServiceUser(service: Registration): MatrixUser;
  /** Rooms this user is invited to and has not answered; asked by the administrator, because an application service's account can't /sync. */
  invites(userId: string): Promise<string[]>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /**
   * Starts it on the same port and data, after stopping it if it still runs. With SQLite its transactions count from 1
   * again, so an application service that knows transactions by their ids alone, as heisenbridge does, drops what it is
   * sent next: a bridge that runs on hears IRC, and not the homeserver.
   */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const REGISTRATION_SECRET = "only for tests on this machine";

/** Starts Synapse on a free loopback port; resolves when it serves. Application services must be known from the start. */
export async function startSynapse({
  appServices = [],
}: {
  appServices?: readonly Registration[];
} = {}): Promise<Synapse> {
  const { python } = await install();
  const directory = await mkdtemp(join(tmpdir(), "fanin-synapse-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = await writeConfig(directory, port, appServices);
  const start = () =>
    startServer({
      name: "Synapse",
      command: python,
      args: ["-m", "synapse.app.homeserver", "-c", config],
      ready: () =>
        fetch(`${url}/health`).then(
          response => response.ok,
          () => false,
        ),
    });

  let server = await start();
  const admin = await addUser(url, "admin", true);
  return {
    url,
    get pid() {
      return server.pid;
    },
    addUser: (name, options) => addUser(url, name, options?.admin ?? false),
    appServiceUser: service => matrixUser(url, `@${service.sender_localpart}:localhost`, service.as_token),
    invites: async userId => {
      const path = `/_synapse/admin/v1/users/${encodeURIComponent(userId)}/memberships`;
      const { memberships } = membershipsSchema.parse(await admin.call("GET", path));
      return Object.keys(memberships).filter(roomId => memberships[roomId] === "invite");
    },
    kill: () => server.kill(),
    restart: async () => {
      await server.stop();
      server = await start();
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const membershipsSchema = z.object({ memberships: z.record(z.string(), z.string()) });

async function addUser(url: string, username: string, admin: boolean): Promise<MatrixUser> {
  const endpoint = `${url}/_synapse/admin/v1/register`;
  const { nonce } = z.object({ nonce: z.string() }).parse(await (await fetch(endpoint)).json());
  const password = randomBytes(12).toString("hex");
  const mac = createHmac("sha1", REGISTRATION_SECRET)
    .update([nonce, username, password, admin ? "admin" : "notadmin"].join("\0"))
    .digest("hex");
  const response = await fetch(endpoint, {
    method: "POST",
    body: JSON.stringify({ nonce, username, password, admin, mac }),
  });
  if (!response.ok) throw new Error(`Synapse refused the user ${username}: ${await response.text()}`);
  const user = z.object({ user_id: z.string(), access_token: z.string() }).parse(await response.json());
  return matrixUser(url, user.user_id, user.access_token);
}

/** Files are written as JSON, which YAML contains. */
async function writeConfig(directory: string, port: number, appServices: readonly Registration[]): Promise<string> {
  const write = async (name: string, content: object) => {
    const path = join(directory, name);
    await writeFile(path, JSON.stringify(content));
    return path;
  };
  const unlimited = { per_second: 100_000, burst_count: 100_000 };
  return write("homeserver.yaml", {
    server_name: "localhost",
    listeners: [{ port, bind_addresses: ["127.0.0.1"], type: "http", tls: false, resources: [{ names: ["client"] }] }],
    database: { name: "sqlite3", args: { database: join(directory, "homeserver.db") } },
    media_store_path: join(directory, "media"),
    log_config: await write("log.yaml", {
      version: 1,
      disable_existing_loggers: false,
      handlers: { console: { class: "logging.StreamHandler" } },
      root: { level: "WARNING", handlers: ["console"] },
    }),
    signing_key: `ed25519 a_test ${randomBytes(32).toString("base64").replace(/=+$/, "")}`,
    registration_shared_secret: REGISTRATION_SECRET,
    macaroon_secret_key: randomBytes(12).toString("hex"),
    form_secret: randomBytes(12).toString("hex"),
    trusted_key_servers: [],
    federation_domain_whitelist: [],
    report_stats: false,
    presence: { enabled: false },
    bcrypt_rounds: 4,
    // By default the answer to a first sync is kept, and is stale when it is asked for again.
    caches: { sync_response_cache_duration: "0s" },
    app_service_config_files: await Promise.all(appServices.map(service => write(`${service.id}.yaml`, service))),
    rc_message: unlimited,
    rc_registration: unlimited,
    rc_joins_per_room: unlimited,
    rc_room_creation: unlimited,
    rc_media_create: unlimited,
    rc_login: { address: unlimited, account: unlimited, failed_attempts: unlimited },
    rc_joins: { local: unlimited, remote: unlimited },
    rc_invites: { per_room: unlimited, per_user: unlimited, per_issuer: unlimited },
  });
}
