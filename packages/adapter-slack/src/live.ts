import { type ChannelRef, channelRef, type Finding, type Inbox, type NetworkName, type RelayEvent } from "@fanin/core";
import type { Directory } from "./directory.ts";
import { archived, channelGone, kicked } from "./findings.ts";
import { Envelope, type MessageEvent, type Parting, type Renaming } from "./payload.ts";
import type { RawEnvelope } from "./socket.ts";
import { toEvent } from "./to-event.ts";

/**
 * Takes the envelopes of a connection in the order they come. An event is acknowledged once the inbox has kept it, and
 * what concerns nobody at once; what could not be kept is not, so that Slack sends it again.
 */
export function createReceiver(
  network: NetworkName,
  directory: Directory,
  inbox: Inbox,
): (envelope: RawEnvelope) => void {
  // Names are looked up at the same time, but events are accepted one after the other.
  let turn: Promise<unknown> = Promise.resolve();

  const accept = async (message: MessageEvent): Promise<void> => {
    const before = turn;
    const ready = nameAll(network, message, directory);
    const accepted = Promise.all([ready, before]).then(([event]) => ({ kept: event && inbox.accept(event) }));
    turn = accepted.catch(() => {});
    await (await accepted).kept;
  };

  return envelope => {
    const parsed = Envelope.safeParse(envelope);
    const event = parsed.data?.body.event;
    const done =
      event?.type === "message" ? accept(event) : Promise.resolve(event && heed(event, network, directory, inbox));
    // A refused event is the inbox's to tell of; an acknowledgement that fails is an event that comes again.
    done.then(() => envelope.ack()).catch(() => {});
  };
}

/** Where Slack can't say who somebody is, the message comes now under their id rather than later under their name. */
async function nameAll(
  network: NetworkName,
  message: MessageEvent,
  directory: Directory,
): Promise<RelayEvent | undefined> {
  return directory
    .informed(lookUp => toEvent(network, message, lookUp))
    .catch(() => toEvent(network, message, directory.lookUp));
}

function heed(event: Parting | Renaming, network: NetworkName, directory: Directory, inbox: Inbox): void {
  switch (event.type) {
    case "user_change":
      directory.forget(event.user.id);
      break;
    case "channel_rename":
    case "group_rename":
      directory.forget(event.channel.id);
      break;
    default: {
      const channel = channelRef(network, event.channel);
      inbox.lost(channel, partings[event.type](channel));
    }
  }
}

const partings: Readonly<Record<Parting["type"], (channel: ChannelRef) => Finding>> = {
  channel_left: kicked,
  group_left: kicked,
  channel_archive: archived,
  group_archive: archived,
  channel_deleted: channelGone,
  group_deleted: channelGone,
};
