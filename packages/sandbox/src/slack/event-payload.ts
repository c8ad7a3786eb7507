import type { SlackEvent } from "./channel.ts";
import { newId, type Workspace } from "./workspace.ts";

/** The outer fields of an event: https://docs.slack.dev/apis/events-api#event-type-structure */
export function eventPayload({ teamId, appId, bot }: Workspace, event: SlackEvent): Readonly<Record<string, unknown>> {
  const installed = {
    enterprise_id: null,
    team_id: teamId,
    user_id: bot.id,
    is_bot: true,
    is_enterprise_install: false,
  };
  return {
    ...{ token: "sandbox", team_id: teamId, context_team_id: teamId, context_enterprise_id: null, api_app_id: appId },
    ...{ event, type: "event_callback", event_id: newId("Ev"), event_time: Math.floor(Date.now() / 1000) },
    ...{ authorizations: [installed], is_ext_shared_channel: false, event_context: `4-${crypto.randomUUID()}` },
  };
}
