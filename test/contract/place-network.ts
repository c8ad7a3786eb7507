import { type Adapter, type ChannelRef, stripMarks } from "@fanin/core";
import type { ContractNetwork } from "@fanin/core/contract";
import type { Place } from "@fanin/sandbox";

/** A stand-in's place as the contract wants it: its first person speaks. */
export function placeNetwork(
  adapter: Adapter,
  channel: ChannelRef,
  place: Place,
  close: () => Promise<void>,
): ContractNetwork {
  const [person] = place.people;
  if (!person) throw new Error(`nobody is in ${place.name}`);
  return {
    adapter,
    channel,
    say: (text, replyTo) => place.say(person.id, text, replyTo === undefined ? {} : { replyTo }),
    edit: (id, text) => place.edit(person.id, id, text),
    remove: id => place.remove(person.id, id),
    shown: () => place.said().map(said => ({ ...said, author: stripMarks(said.author), text: stripMarks(said.text) })),
    close,
  };
}
