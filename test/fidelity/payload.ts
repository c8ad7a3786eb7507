import { stripMarks } from "@fanin/core";
import type { Sandbox } from "@fanin/sandbox";
import { z } from "zod";
import type { PlaceName } from "./square.ts";

type Payload = Record<string, unknown>;

const SlackHistory = z.object({
  messages: z.array(z.object({ text: z.string(), username: z.string().optional(), blocks: z.array(z.unknown()) })),
});
const DiscordHistory = z.array(
  z.object({
    content: z.string(),
    author: z.object({ username: z.string() }),
    mention_everyone: z.boolean(),
    mentions: z.array(z.unknown()),
  }),
);

/** A network's messages as its own interface hands them out, oldest first, marks left out. */
export async function readPayloads(sandbox: Sandbox, name: PlaceName): Promise<readonly Payload[]> {
  const all = await payloadsOf(sandbox, name);
  return all.map(payload => z.record(z.string(), z.unknown()).parse(JSON.parse(stripMarks(JSON.stringify(payload)))));
}

async function payloadsOf({ slack, discord, hub, gitter, irc, channels }: Sandbox, name: PlaceName) {
  switch (name) {
    case "slack": {
      const url = `${slack.apiUrl}conversations.history?channel=${channels.slack}&limit=100`;
      return SlackHistory.parse(await get(url, `Bearer ${slack.botToken}`)).messages.toReversed();
    }
    case "discord": {
      const url = `${discord.apiUrl}/v10/channels/${channels.discord}/messages?limit=100`;
      return DiscordHistory.parse(await get(url, `Bot ${discord.token}`)).toReversed();
    }
    case "gitter":
    case "hub": {
      const { homeserver } = name === "hub" ? hub : gitter;
      const room = name === "hub" ? irc.roomId : channels.gitter;
      const events = homeserver.room(room).timeline.map(({ event }) => event);
      return events.filter(({ type }) => type === "m.room.message").map(({ content }) => content);
    }
    case "irc":
      return irc.channel.lines.map(line => ({ ...line }));
  }
}

async function get(url: string, authorization: string): Promise<unknown> {
  return (await fetch(url, { headers: { authorization } })).json();
}
