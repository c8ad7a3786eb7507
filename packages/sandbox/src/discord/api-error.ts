/** An answer that is an error, as Discord words it: https://discord.com/developers/docs/topics/opcodes-and-status-codes */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404;
  readonly code: number;
  readonly errors: object | undefined;

  constructor(status: 400 | 401 | 403 | 404, code: number, message: string, errors?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

const documented = {
  unauthorized: [401, 0, "401: Unauthorized"],
  notFound: [404, 0, "404: Not Found"],
  unknownChannel: [404, 10003, "Unknown Channel"],
  unknownGuild: [404, 10004, "Unknown Guild"],
  unknownMember: [404, 10007, "Unknown Member"],
  unknownMessage: [404, 10008, "Unknown Message"],
  unknownUser: [404, 10013, "Unknown User"],
  unknownWebhook: [404, 10015, "Unknown Webhook"],
  tooManyWebhooks: [400, 30007, "Maximum number of webhooks reached (15)"],
  missingAccess: [403, 50001, "Missing Access"],
  notTheAuthor: [403, 50005, "Cannot edit a message authored by another user"],
  emptyMessage: [400, 50006, "Cannot send an empty message"],
  missingPermissions: [403, 50013, "Missing Permissions"],
  bulkDeleteCount: [
    400,
    50016,
    "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete",
  ],
  systemMessage: [403, 50021, "Cannot execute action on a system message"],
  wrongChannelType: [400, 50024, "Cannot execute action on this channel type"],
  invalidWebhookToken: [401, 50027, "Invalid Webhook Token"],
  bulkDeleteTooOld: [400, 50034, "A message provided was too old to bulk delete"],
  threadArchived: [400, 50083, "Thread is archived"],
  invalidJson: [400, 50109, "The request body contains invalid JSON."],
  threadExists: [400, 160004, "A thread has already been created for this message"],
} as const;

/** The error of that name. */
export function apiError(name: keyof typeof documented): ApiError {
  const [status, code, message] = documented[name];
  return new ApiError(status, code, message);
}

/** 50035: the field at `path` is not as it must be. */
export function invalidForm(path: readonly PropertyKey[], code: string, message: string): ApiError {
  const leaf: object = { _errors: [{ code, message }] };
  const errors = path.reduceRight<object>((inner, key) => ({ [String(key)]: inner }), leaf);
  return new ApiError(400, 50035, "Invalid Form Body", errors);
}
