import {
  type Author,
  type Block,
  type Content,
  type Inline,
  inlineText,
  type NetworkName,
  type Post,
  plainText,
  shownName,
  splitContent,
  type Target,
  wholeOf,
} from "@fanin/core";
import { longestBlocks, longestName, longestText } from "./capabilities.ts";
import { escaped } from "./mrkdwn.ts";
import type { RichElement, RichInline, RichText, Style } from "./rich-text.ts";

/** One message as Slack gets it. `text` is what notifications show and what clients without blocks read. */
export interface SlackPart {
  readonly text: string;
  readonly elements: readonly RichElement[];
  /** Who says it; the app itself where absent. */
  readonly username?: string;
  readonly iconUrl?: string;
  /** The root of the thread it stands in. */
  readonly threadTs?: string;
}

/** What goes into `text` and `blocks` of a call. */
export interface SlackBody {
  readonly text: string;
  readonly blocks: readonly RichText[];
}

/**
 * Pure. Content becomes rich_text, in which nothing that a person typed is markup and no text is a mention; people are
 * mentioned only on their own network. Each part stays within what chat.update takes together with its author's name.
 */
export function renderPost(network: NetworkName, post: Post): SlackPart[] {
  const author = post.author && { ...iconOf(post.author), username: shownName(post.author, longestName) };
  const threadTs = rootOf(post.thread) ?? rootOf(post.replyTo);
  const part = (content: Content): SlackPart => ({
    text: escaped(plainText(content)),
    elements: elementsOf(content.children, network),
    ...author,
    ...(threadTs && { threadTs }),
  });
  return splitContent(wholeOf(post), content => fits(editedBody(part(content)))).map(part);
}

/** The part as a post: the name stands beside it. */
export function postedBody({ text, elements }: SlackPart): SlackBody {
  return { text, blocks: [{ type: "rich_text", elements: [...elements] }] };
}

/** The part as an edit: chat.update takes the name from the message (slackapi/node-slack-sdk#944), so the text says it. */
export function editedBody(part: SlackPart): SlackBody {
  const { username, text, elements } = part;
  if (username === undefined) return postedBody(part);
  const name: RichInline[] = [
    { type: "text", text: username, style: { bold: true } },
    { type: "text", text: ": " },
  ];
  const [first, ...rest] = elements;
  const named: RichElement[] =
    first?.type === "rich_text_section"
      ? [{ ...first, elements: [...name, ...first.elements] }, ...rest]
      : [{ type: "rich_text_section", elements: name }, ...elements];
  return postedBody({ text: `${escaped(username)}: ${text}`, elements: named });
}

function fits({ text, blocks }: SlackBody): boolean {
  return text.length <= longestText && JSON.stringify(blocks).length <= longestBlocks;
}

function iconOf({ avatarUrl }: Author): { iconUrl?: string } {
  return avatarUrl !== undefined && isWebAddress(avatarUrl) ? { iconUrl: avatarUrl } : {};
}

/** A copy's handle is its thread's root, empty where it stands in the channel. */
function rootOf(target: Target | undefined): string | undefined {
  return target && (target.handle || target.ref.message);
}

function elementsOf(blocks: readonly Block[], network: NetworkName): RichElement[] {
  const elements: RichElement[] = [];
  for (const block of blocks) {
    const last = elements.at(-1);
    if (block.type === "code") {
      elements.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: block.value || " " }] });
    } else if (block.type === "blockquote") {
      elements.push({ type: "rich_text_quote", elements: quoted(block.children, network) });
    } else if (last?.type === "rich_text_section") {
      last.elements.push({ type: "text", text: "\n\n" }, ...inlinesOf(block.children, network));
    } else {
      elements.push({ type: "rich_text_section", elements: inlinesOf(block.children, network) });
    }
  }
  return elements;
}

/** A quote holds lines alone: code in it is styled as code, a quote in it keeps its sign. */
function quoted(blocks: readonly Block[], network: NetworkName): RichInline[] {
  return blocks.flatMap((block, index): RichInline[] => {
    const gap: RichInline[] = index > 0 ? [{ type: "text", text: "\n\n" }] : [];
    if (block.type === "paragraph") return [...gap, ...inlinesOf(block.children, network)];
    if (block.type === "code") return [...gap, { type: "text", text: block.value || " ", style: { code: true } }];
    return [...gap, { type: "text", text: "> " }, ...quoted(block.children, network)];
  });
}

function inlinesOf(nodes: readonly Inline[], network: NetworkName, style: Style = {}): RichInline[] {
  return nodes.flatMap(node => inlineOf(node, network, style));
}

function inlineOf(node: Inline, network: NetworkName, style: Style): RichInline[] {
  const look = Object.keys(style).length > 0 ? { style } : {};
  switch (node.type) {
    case "text":
      return withLinks(node.value).map(piece => ({ ...piece, ...look }));
    case "break":
      return [{ type: "text", text: "\n", ...look }];
    case "inlineCode":
      return node.value === "" ? [] : [{ type: "text", text: node.value, style: { ...style, code: true } }];
    case "strong":
      return inlinesOf(node.children, network, { ...style, bold: true });
    case "emphasis":
      return inlinesOf(node.children, network, { ...style, italic: true });
    case "delete":
      return inlinesOf(node.children, network, { ...style, strike: true });
    case "link":
      return [{ ...linkOf(node.url, inlineText(node.children)), ...look }];
    case "userMention":
      if (node.network === network) return [{ type: "user", user_id: node.person, ...look }];
      return [{ type: "text", text: inlineText([node]), ...look }];
    case "customEmoji":
      return [{ type: "text", text: inlineText([node]), ...look }];
  }
}

/** rich_text does not make links of addresses by itself. */
function withLinks(value: string): RichInline[] {
  const runs: RichInline[] = [];
  let end = 0;
  const textTo = (at: number): void => {
    if (at > end) runs.push({ type: "text", text: value.slice(end, at) });
  };
  for (const { 0: found, index } of value.matchAll(/https?:\/\/[^\s<>]+/g)) {
    const url = found.slice(0, addressLength(found));
    if (!isWebAddress(url)) continue;
    textTo(index);
    runs.push({ type: "link", url });
    end = index + url.length;
  }
  textTo(value.length);
  return runs;
}

/** How much of it is the address: not the sentence's punctuation, nor a bracket that was opened before it. */
function addressLength(found: string): number {
  let open = found.split("(").length - found.split(")").length;
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    if (last === ")" && open < 0) open += 1;
    else if (!".,;:!?'\"*_~]".includes(last)) break;
  }
  return end;
}

/** Slack refuses the whole message for one address of another kind. */
function linkOf(url: string, label: string): RichInline {
  const named = label !== "" && label !== url;
  if (isWebAddress(url) || url.startsWith("mailto:")) return { type: "link", url, ...(named && { text: label }) };
  return { type: "text", text: named ? `${label} (${url})` : url };
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
