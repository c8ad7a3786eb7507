import { channelRef, type Inbox, type NetworkName, type RelayEvent } from "@fanin/core";
import type { z } from "zod";
import { noAccess, unknownChannel } from "./check.ts";
import { type Directory, type KnownChannel, spotOf } from "./directory.ts";
import { toRelayError } from "./errors.ts";
import * as payload from "./payload.ts";
import type { Spot } from "./spot.ts";
import { type Reading, toCreated, toDeleted, toEdited } from "./to-event.ts";

export interface ListenOptions {
  readonly network: NetworkName;
  readonly botId: string;
  readonly directory: Directory;
  readonly inbox: Inbox;
  readonly reading: Reading;
  /** Asks Discord about a channel that no event has told of. */
  look(channel: string): Promise<KnownChannel | undefined>;
  /** Permissions of a guild, or of one channel in it, changed: is what we are linked to still there to see? */
  recheck(guild: string, channel?: string): void;
}

/** What to do with each dispatch of the gateway, by its name. Takes them in their order and waits for nothing. */
export function createListener(options: ListenOptions): (type: string, data: unknown) => void {
  const { network, directory, inbox, reading } = options;
  /** Guilds that Discord itself has lost sight of for now. */
  const away = new Set<string>();

  const accept = (event: RelayEvent | undefined): void => {
    if (!event) return;
    void inbox.accept(event).catch(thrown => {
      // Discord knows no acknowledgement: what could not be kept is read again from history.
      if (toRelayError(thrown).code !== "stopped") inbox.missed(event.channel);
    });
  };

  const at = (channel: string, read: (spot: Spot) => void): void => {
    const known = directory.find(channel);
    if (!known) {
      // Its order among others can't be kept once we had to ask: history knows it.
      const found = options.look(channel).then(looked => looked && spotOf(looked));
      void found.then(spot => inbox.missed(spot && channelRef(network, spot.channel))).catch(() => inbox.missed());
      return;
    }
    const spot = spotOf(known);
    if (spot) read(spot);
  };

  const on = <T>(schema: z.ZodType<T>, take: (data: T) => void, otherwise?: () => void) => {
    return (data: unknown) => {
      const parsed = schema.safeParse(data);
      if (parsed.success) take(parsed.data);
      else otherwise?.();
    };
  };

  const learn = on(payload.ChannelPayload, channel => directory.learn(channel));
  const learnRole = on(payload.GuildRolePayload, ({ guild_id, role }) => {
    directory.learnRole(role);
    options.recheck(guild_id);
  });

  const handlers: Readonly<Record<string, (data: unknown) => void>> = {
    MESSAGE_CREATE: on(
      payload.MessagePayload,
      message => at(message.channel_id, spot => accept(toCreated(message, spot, reading))),
      // History says in the room what it cannot read.
      () => inbox.missed(),
    ),
    MESSAGE_UPDATE: on(payload.MessagePayload, message => {
      at(message.channel_id, spot => accept(toEdited(message, spot, reading)));
    }),
    MESSAGE_DELETE: on(payload.DeletePayload, ({ id, channel_id }) => {
      at(channel_id, spot => accept(toDeleted(id, spot, network, Date.now())));
    }),
    MESSAGE_DELETE_BULK: on(payload.BulkDeletePayload, ({ ids, channel_id }) => {
      at(channel_id, spot => {
        for (const id of ids) accept(toDeleted(id, spot, network, Date.now()));
      });
    }),
    GUILD_CREATE: on(payload.GuildCreatePayload, guild => {
      for (const channel of [...guild.channels, ...guild.threads]) directory.learn(channel, guild.id);
      for (const role of guild.roles) directory.learnRole(role);
      if (away.delete(guild.id)) inbox.missed();
    }),
    GUILD_DELETE: on(payload.GuildDeletePayload, ({ id, unavailable }) => {
      if (unavailable) away.add(id);
      else for (const channel of directory.forgetGuild(id)) lose(channel);
    }),
    GUILD_ROLE_CREATE: learnRole,
    GUILD_ROLE_UPDATE: learnRole,
    GUILD_ROLE_DELETE: on(payload.InGuildPayload, ({ guild_id }) => options.recheck(guild_id)),
    GUILD_MEMBER_UPDATE: on(payload.MemberUpdatePayload, ({ guild_id, user }) => {
      if (user.id === options.botId) options.recheck(guild_id);
    }),
    CHANNEL_CREATE: learn,
    CHANNEL_UPDATE: on(payload.ChannelPayload, channel => {
      const { guild } = directory.learn(channel);
      if (guild !== undefined) options.recheck(guild, channel.id);
    }),
    CHANNEL_DELETE: on(payload.ChannelPayload, ({ id }) => {
      directory.forget(id);
      const ref = channelRef(network, id);
      inbox.lost(ref, unknownChannel(ref));
    }),
    THREAD_CREATE: learn,
    THREAD_UPDATE: learn,
    THREAD_LIST_SYNC: on(payload.ThreadListPayload, ({ guild_id, threads }) => {
      for (const thread of threads) directory.learn(thread, guild_id);
    }),
    THREAD_DELETE: on(payload.ChannelPayload.pick({ id: true }), ({ id }) => directory.forget(id)),
  };

  const lose = (channel: string): void => {
    const ref = channelRef(network, channel);
    inbox.lost(ref, noAccess(ref));
  };

  return (type, data) => handlers[type]?.(data);
}
