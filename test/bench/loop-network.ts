import {
  type Adapter,
  type Capabilities,
  Cursor,
  channelOf,
  channelRef,
  type Inbox,
  type Message,
  messageRef,
  plainContent,
  plainText,
} from "@fanin/core";

interface Part {
  readonly author: string;
  readonly text: string;
}

/** A network without a wire: what is sent has arrived at once, and comes back as an event of our own, as networks do it. */
export interface LoopNetwork {
  readonly name: string;
  readonly adapter: Adapter<Part>;
  /** Somebody says something; resolves when it is accepted. */
  say(channel: string): Promise<void>;
}

const OWN = "relay-bot";
const WORDS = "What a stranger says on an ordinary day, in about as many words.";

/** `arrive` is called for each message that was sent to the network. */
export function createLoopNetwork(name: string, arrive: () => void): LoopNetwork {
  let inbox: Inbox | undefined;
  let ids = 0;

  function messageOf(channel: string, author: Message["author"], text: string): Message {
    ids += 1;
    const ref = messageRef(channelRef(name, channel), `m${ids}`);
    return { ref, author, content: plainContent(text), files: [], at: 0 };
  }

  async function tell(message: Message): Promise<void> {
    const channel = channelOf(message.ref);
    await inbox?.accept({ type: "created", id: `created:${message.ref.message}`, channel, message });
  }

  const start = Cursor.parse("0");
  const adapter: Adapter<Part> = {
    capabilities,
    check: async () => [],
    resolve: async channel => channelRef(name, channel),
    prepare: async () => [OWN],
    connect: async given => {
      inbox = given;
    },
    head: async () => start,
    async *history() {},
    render: post => [{ author: post.author?.name ?? "relay", text: plainText(post.content) }],
    send: async (channel, part, key) => {
      const message = messageOf(channel.channel, { id: OWN, name: part.author }, part.text);
      arrive();
      await tell({ ...message, key });
      return { ref: message.ref, handle: "" };
    },
    recall: async () => "absent",
    edit: async copy => copy,
    remove: async () => undefined,
    close: async () => undefined,
  };
  return { name, adapter, say: channel => tell(messageOf(channel, { id: "ann", name: "A Stranger" }, WORDS)) };
}

const capabilities: Capabilities = {
  events: { created: "full", edited: "full", deleted: "full" },
  content: {
    text: "full",
    break: "full",
    inlineCode: "full",
    userMention: "full",
    customEmoji: "full",
    strong: "full",
    emphasis: "full",
    delete: "full",
    link: "full",
    paragraph: "full",
    code: "full",
    blockquote: "full",
  },
  replies: "full",
  threads: "full",
  limits: { part: { amount: 4000, unit: "utf16" } },
  rates: [],
  idempotent: true,
  settleMs: 0,
  marks: ["metadata"],
  history: { created: true, edited: true, deleted: true },
};
