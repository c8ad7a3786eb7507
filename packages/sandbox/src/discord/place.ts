import type { Person, Place, Said } from "../place.ts";
import { visible } from "../visible.ts";
import { avatarUrlOf } from "./cdn.ts";
import { createMessage, deleteMessages, editMessage } from "./messages.ts";
import type { Channel, Message, User } from "./model.ts";
import { displayName, shownText } from "./shown-text.ts";
import { byAge, madeAt } from "./snowflake.ts";
import type { World } from "./world.ts";

/** A channel with its threads, or a thread alone, as people see it. A thread's messages answer the one it hangs on. */
export function createPlace(world: World, channel: Channel, people: readonly Person[], cdnUrl: string): Place {
  const within = () => [channel, ...world.threadsOf(channel)];
  const find = (id: string): { channel: Channel; message: Message } => {
    const holder = within().find(({ messages }) => messages.has(id));
    const message = holder?.messages.get(id);
    if (!holder || !message) throw new Error(`no message ${id} in #${channel.name}`);
    return { channel: holder, message };
  };
  const own = (person: string, id: string) => {
    const found = find(id);
    if (found.message.author.id !== person) throw new Error(`message ${id} is not ${person}'s`);
    return found;
  };
  return {
    name: `#${channel.name}`,
    people,
    canEdit: true,
    said: () =>
      within()
        .flatMap(({ messages }) => [...messages.values()])
        .filter(({ type }) => type !== 21)
        .sort((a, b) => byAge(a.id, b.id))
        .map(message => said(world, message, cdnUrl)),
    say: async (person, text, { replyTo } = {}) => {
      const answered = replyTo === undefined ? undefined : find(replyTo);
      const where = answered?.channel ?? channel;
      const reference = answered && { channel: where.id, message: answered.message.id };
      return createMessage(world, where, { author: speakerOf(world, person), content: text, reference }).id;
    },
    edit: async (person, id, text) => {
      const { channel: where, message } = own(person, id);
      editMessage(world, where, message, { content: text });
    },
    remove: async (person, id) => deleteMessages(world, own(person, id).channel, [id]),
    watch: changed => world.watch(event => within().some(({ id }) => id === event.channel) && changed()),
  };
}

function speakerOf(world: World, person: string): User {
  const user = world.users.get(person);
  if (!user) throw new Error(`no user ${person}`);
  return user;
}

function said(world: World, message: Message, cdnUrl: string): Said {
  const { author, webhook } = message;
  const thread = world.channels.get(message.channel)?.thread && message.channel;
  const replyTo = message.reference?.message ?? thread;
  const avatarUrl = message.avatarUrl ?? avatarUrlOf(cdnUrl, author);
  return {
    id: message.id,
    author: visible((webhook ? undefined : displayName(world, author.id)) ?? author.username),
    relayed: author.bot,
    text: shownText(world, message.content),
    edited: message.editedAt !== null,
    ...(replyTo !== undefined && { replyTo }),
    avatarUrl,
    at: madeAt(message.id),
  };
}
