import { type Finding, RelayError } from "@fanin/core";
import { z } from "zod";
import type { SlackApi } from "./api.ts";
import { refusalOf } from "./errors.ts";
import { missingAppScope, missingScope, wrongToken } from "./findings.ts";
import { AuthTest, BotInfo } from "./payload.ts";

/** Without these nothing is read or written; private channels need `groups:*` besides, which a link's check finds. */
const needed = ["channels:history", "channels:read", "chat:write", "users:read"];
/** Without these the relay runs, but. */
const wanted = {
  "chat:write.customize": "so everything is posted under the app's own name",
  "channels:join": "so it must be invited to every channel",
  "usergroups:read": "so mentions of user groups read as ids",
};

/** Every id that our posts name: bot, app and bot user. */
export async function readOwnIds(api: SlackApi): Promise<string[]> {
  const { bot_id, user_id } = await api("auth.test", {}, AuthTest);
  const { bot } = await api("bots.info", { bot: bot_id }, BotInfo);
  return [bot_id, user_id, ...(bot.app_id ? [bot.app_id] : [])];
}

/** Both tokens and the bot's scopes. An unreachable Slack rejects. */
export async function checkAccount(bot: SlackApi, app: SlackApi): Promise<Finding[]> {
  const [botFindings, appFindings] = await Promise.all([checkBotToken(bot), checkAppToken(app)]);
  return [...botFindings, ...appFindings];
}

async function checkBotToken(api: SlackApi): Promise<Finding[]> {
  const answer = await api("auth.test", {}, AuthTest).catch(asFinding("botToken"));
  if ("severity" in answer) return [answer];
  const granted = answer.response_metadata?.scopes;
  // Some compatible servers do not tell.
  if (!granted) return [];
  const lacking = needed.filter(scope => !granted.includes(scope));
  const unwanted = Object.entries(wanted).filter(([scope]) => !granted.includes(scope));
  return [
    ...(lacking.length > 0 ? [missingScope(lacking)] : []),
    ...unwanted.map(([scope, consequence]) => missingScope([scope], consequence)),
  ];
}

async function checkAppToken(api: SlackApi): Promise<Finding[]> {
  const answer = await api("apps.connections.open", {}, z.object({ url: z.string() })).catch(asFinding("appToken"));
  return "severity" in answer ? [answer] : [];
}

function asFinding(which: "botToken" | "appToken"): (error: unknown) => Finding {
  return error => {
    if (!(error instanceof RelayError) || error.code !== "unauthorized") throw error;
    const word = refusalOf(error) ?? "refused";
    if (which === "appToken" && word === "missing_scope") return missingAppScope();
    return wrongToken(`The Slack network's ${which}`, word);
  };
}
