/** A message as events and history show it: https://docs.slack.dev/reference/events/message */
export interface SlackMessage {
  readonly type: "message";
  readonly subtype?: string;
  /** Id and order within its channel; two channels may hold the same one. */
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly unknown[];
  readonly team?: string;
  readonly user?: string;
  readonly client_msg_id?: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly bot_profile?: BotProfile;
  readonly username?: string;
  readonly icons?: Readonly<Record<string, string>>;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly thread_ts?: string;
  readonly parent_user_id?: string;
  /** The parent, on a reply that was also sent to the channel. */
  readonly root?: SlackMessage;
  readonly hidden?: boolean;
}

export interface BotProfile {
  readonly id: string;
  readonly app_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly icons: Readonly<Record<string, string>>;
  readonly deleted: boolean;
  readonly updated: number;
  readonly team_id: string;
}

/** What a channel holds of a message beyond what its events show. */
export interface Kept {
  readonly shown: SlackMessage;
  /** Kept out of events; history shows it when asked. */
  readonly metadata?: unknown;
  /** The blocks came with the call, so that an edit of the text alone leaves them. */
  readonly ownBlocks: boolean;
}
