import { NetworkName } from "@fanin/core";
import { z } from "zod";
import { suggest } from "./nearest.ts";
import { Secret } from "./secret.ts";

/** An object whose unknown keys are named, each with what was probably meant: one line of the message a key. */
function strict<const T extends z.core.$ZodLooseShape>(shape: T, what = "a map"): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, {
    error: issue => {
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map(key => `is not a known key${suggest(key, Object.keys(shape))}`).join("\n");
      }
      return issue.code === "invalid_type" && issue.input ? `must be ${what}.` : undefined;
    },
  });
}

/** For a key that must be there: what it is for. */
function needs(purpose: string): { error: z.core.$ZodErrorMap } {
  return { error: issue => (issue.input === undefined ? `is missing: ${purpose}.` : undefined) };
}

function secret(purpose: string): z.ZodType<Secret, string> {
  return z
    .string(needs(purpose))
    .min(1, { error: "is empty.", abort: true })
    .regex(/^\S+$/, "must be one word, without spaces or line breaks.")
    .transform(value => new Secret(value));
}

/** Slack shows two tokens on two pages: either is easily taken for the other. */
function slackToken(
  purpose: string,
  other: { readonly prefix: string; readonly key: string },
): z.ZodType<Secret, string> {
  const says = `starts with ${other.prefix}: that is the ${other.key}; write ${purpose}.`;
  return secret(purpose).refine(token => !token.reveal().startsWith(other.prefix), says);
}

function url(purpose: string): z.ZodType<string, string> {
  return z.url({
    protocol: /^https?$/,
    error: issue =>
      issue.input === undefined ? `is missing: ${purpose}.` : `is not a URL: write http://… or https://…, ${purpose}.`,
  });
}

const listen = z
  .string({ error: "must be host:port, such as 127.0.0.1:8080." })
  .refine(isHostAndPort, "must be host:port, such as 127.0.0.1:8080.");

/** With `apiUrl`, for a server that allows more: multiplies the documented rates and divides the waits. */
const rateScale = z.number().positive("must be more than 0.");

const Slack = strict({
  adapter: z.literal("slack"),
  botToken: slackToken('the Slack app\'s bot token (xoxb-…, under "OAuth & Permissions")', {
    prefix: "xapp-",
    key: "appToken",
  }),
  appToken: slackToken('the Slack app\'s app-level token (xapp-…, under "Basic Information"), for Socket Mode', {
    prefix: "xoxb-",
    key: "botToken",
  }),
  apiUrl: url("the Web API of another Slack-compatible server").exactOptional(),
  rateScale: rateScale.exactOptional(),
});

const Discord = strict({
  adapter: z.literal("discord"),
  token: secret('the bot\'s token (under "Bot" in the Discord developer portal)'),
  apiUrl: url("the REST API of another Discord-compatible server").exactOptional(),
  rateScale: rateScale.exactOptional(),
});

const Matrix = strict({
  adapter: z.literal("matrix"),
  homeserver: url("where the homeserver's client API is"),
  registration: z.string().min(1, "is empty.").exactOptional(),
  listen: listen.exactOptional(),
  accessToken: secret("the account's access token").exactOptional(),
}).transform(({ registration, listen, accessToken, ...common }, context) => {
  if (accessToken && !registration && !listen) return { ...common, accessToken };
  if (!accessToken && registration && listen) return { ...common, registration, listen };
  context.issues.push({ code: "custom", input: common, message: eitherWay(registration, listen, accessToken) });
  return z.NEVER;
});

/** A network's account. A Matrix account is an application service or an ordinary one. */
export const NetworkConfig = z.discriminatedUnion("adapter", [Slack, Discord, Matrix], {
  error: issue => {
    if (issue.code !== "invalid_union") return undefined;
    const written = z.object({ adapter: z.string() }).safeParse(issue.input);
    if (!written.success) return "is missing: which kind of network it is: slack, discord or matrix.";
    const known = ["slack", "discord", "matrix"];
    return `${JSON.stringify(written.data.adapter)} is no adapter${suggest(written.data.adapter, known)}`;
  },
});
export type NetworkConfig = z.infer<typeof NetworkConfig>;

/** `network:channel`, or the same with options. */
const LinkConfig = z.preprocess(
  link => (typeof link === "string" ? { channel: link } : link),
  strict(
    {
      channel: z.string(needs('the channel, written "network:channel"')),
      private: z.boolean().exactOptional(),
    },
    'written "network:channel", such as "slack:C024BE91L"',
  ),
);

const RoomConfig = strict({
  hub: LinkConfig,
  /** What the hub is to IRC. */
  irc: strict({
    network: z.string(needs("the IRC network, such as libera")).min(1, "is empty."),
    channel: z
      .string(needs('the IRC channel, such as "#ansible"'))
      .startsWith("#", 'must be a channel, such as "#ansible".'),
    bridge: z.enum(["portal", "plumbed", "none"], {
      error: "must be portal (a room that the IRC bridge made), plumbed (a room that its owners linked) or none.",
    }),
  }).exactOptional(),
  links: z
    .array(LinkConfig, needs("the channels that join the hub's conversation"))
    .min(1, "is empty: name at least one channel besides the hub."),
});

export const Config = strict({
  networks: z.record(NetworkName, NetworkConfig, needs("the accounts that fanin uses, by a name of your choice")),
  rooms: z
    .record(z.string(), RoomConfig, needs("the conversations: a hub and the channels linked to it"))
    .refine(rooms => Object.keys(rooms).length > 0, "is empty: describe at least one room."),
  store: z
    .string()
    .min(1, "is empty: write a file's path, such as ./fanin.db.")
    .refine(store => !/^[a-z][a-z0-9+.-]*:\/\//i.test(store), {
      error: "must be a file's path, such as ./fanin.db: this version of fanin keeps its data in SQLite only.",
    })
    .default("./fanin.db"),
  keepDays: z.number().positive("must be more than 0.").default(90),
  http: strict({ listen }).exactOptional(),
});
/** As parsed; `loadConfig` makes its paths absolute. */
export type Config = z.infer<typeof Config>;

function eitherWay(registration: unknown, listen: unknown, accessToken: unknown): string {
  if (accessToken) return "has accessToken and registration or listen; an ordinary account needs accessToken alone.";
  if (registration) return "is missing listen: where the homeserver reaches fanin, such as 127.0.0.1:9009.";
  if (listen) return "is missing registration: the application service's file that the homeserver has too.";
  return "is missing either accessToken (an ordinary account) or registration and listen (an application service).";
}

function isHostAndPort(text: string): boolean {
  const port = /^(?:\[[0-9a-f:]+\]|[^:\s/]+):(\d{1,5})$/i.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65_535;
}
