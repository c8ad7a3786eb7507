import { RelayError } from "@fanin/core";
import type { SlackApi } from "./api.ts";
import { BotInfo, ConversationInfo, UsergroupList, UserInfo } from "./payload.ts";
import type { Known, LookUp } from "./to-event.ts";

const most = 5000;

/** Names and pictures by id, remembered for the `most` of them that were asked for last. */
export class Directory {
  readonly #api: SlackApi;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(api: SlackApi) {
    this.#api = api;
  }

  readonly lookUp: LookUp = id => {
    const known = this.#known.get(id);
    if (known) this.#keep(id, known);
    return known;
  };

  /**
   * What `make` returns once all that it looks up is known. Rejects where Slack could not say (rate limit, outage);
   * an id that Slack does not know stays as it is.
   */
  async informed<Made>(make: (lookUp: LookUp) => Made): Promise<Made> {
    const unknown = new Set<string>();
    const made = make(id => {
      const known = this.lookUp(id);
      if (!known) unknown.add(id);
      return known;
    });
    if (unknown.size === 0) return made;
    await Promise.all(Array.from(unknown, id => this.#learn(id)));
    return make(this.lookUp);
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  #learn(id: string): Promise<void> {
    const asked = this.#asked.get(id);
    if (asked) return asked;
    const asking = this.#ask(id)
      .catch((error: unknown) => {
        if (!(error instanceof RelayError) || error.retry === "later") throw error;
        return { name: id };
      })
      .then(known => this.#keep(id, known))
      .finally(() => this.#asked.delete(id));
    this.#asked.set(id, asking);
    return asking;
  }

  async #ask(id: string): Promise<Known> {
    switch (id.charAt(0)) {
      case "U":
      case "W":
        return person(await this.#api("users.info", { user: id }, UserInfo));
      case "B":
        return bot(await this.#api("bots.info", { bot: id }, BotInfo));
      case "C":
      case "G": {
        const { channel } = await this.#api("conversations.info", { channel: id }, ConversationInfo);
        return { name: channel.name ?? id };
      }
      case "S": {
        const { usergroups } = await this.#api("usergroups.list", {}, UsergroupList);
        return { name: usergroups.find(group => group.id === id)?.handle ?? id };
      }
      default:
        return { name: id };
    }
  }

  #keep(id: string, known: Known): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
  }
}

function person({ user: { name, real_name, profile } }: UserInfo): Known {
  const picture = profile.image_192 ?? profile.image_72;
  return {
    name: profile.display_name || profile.real_name || real_name || name,
    ...(picture && { avatarUrl: picture }),
  };
}

function bot({ bot: { name, icons } }: BotInfo): Known {
  const picture = icons?.image_72 ?? icons?.image_48;
  return { name, ...(picture && { avatarUrl: picture }) };
}
