import { type Block, type Content, type Inline, type NetworkName, type Post, splitContent, wholeOf } from "@fanin/core";
import { type Answered, maxAnswerLine } from "./answer.ts";
import { maxMessage } from "./capabilities.ts";
import { mostWritten } from "./measure.ts";
import { speakerName } from "./name.ts";
import { readMessageId } from "./spot.ts";
import { tidy } from "./tidy.ts";
import { writeMarkdown } from "./write.ts";

/** One message of Discord's, but for what only the place knows: its guild, and whether a thread exists. Plain JSON. */
export interface DiscordPart {
  /** Who it is from; room is left for the mark. */
  readonly name: string;
  readonly avatarUrl?: string;
  readonly text: string;
  /** People who may be told that they are mentioned. */
  readonly mentions: readonly string[];
  /** The message it answers, for the line above the text. */
  readonly answers?: Answered;
  /** The root of the thread it belongs to, as `readMessageId` takes it. */
  readonly thread?: string;
}

/** How many people a message may name. */
const mostMentions = 100;

/** A post → its messages, each of at most 2,000 UTF-16 units with its line. Pure. */
export function renderPost(post: Post, network: NetworkName): DiscordPart[] {
  // The line above the text says what is lost of a reply.
  const content = tidy(wholeOf({ ...post, degraded: false }), network);
  const points = pointsOf(post);
  const room = maxMessage - (points.answers ? maxAnswerLine : 0);
  const texts = split(content, room).map(part => ({
    text: writeMarkdown(part).trim(),
    mentions: mentionsIn(part.children).slice(0, mostMentions),
  }));
  const said = texts.filter(({ text }) => text !== "");
  const from = {
    name: speakerName(post.author ?? { id: "fanin", name: "fanin" }),
    ...(post.author?.avatarUrl === undefined ? {} : { avatarUrl: post.author.avatarUrl }),
  };
  return (said.length > 0 ? said : [{ text: "*(an empty message)*", mentions: [] }]).map((part, index) => ({
    ...from,
    ...part,
    ...(points.thread ? { thread: points.thread } : {}),
    ...(points.answers && index === 0 ? { answers: points.answers } : {}),
  }));
}

/** Whole if it fits, which writing it tells; cut by what it takes at most. */
function split(content: Content, room: number): Content[] {
  const most = mostWritten(content);
  if (most <= room || (most <= 2 * room && writeMarkdown(content).length <= room)) return [content];
  return splitContent(content, part => mostWritten(part) <= room);
}

function pointsOf({ replyTo, thread, degraded }: Post): Pick<DiscordPart, "answers" | "thread"> {
  const answered = replyTo ?? thread;
  const author = answered?.author === undefined ? {} : { author: answered.author };
  const root = thread?.ref.message ?? (replyTo && readMessageId(replyTo.ref.message).thread);
  return {
    ...(answered ? { answers: { message: answered.ref.message, ...author } } : degraded ? { answers: {} } : {}),
    ...(root === undefined ? {} : { thread: root }),
  };
}

function mentionsIn(nodes: readonly (Block | Inline)[]): string[] {
  return nodes.flatMap(node => {
    if (node.type === "userMention") return [node.person];
    return "children" in node ? mentionsIn(node.children) : [];
  });
}
