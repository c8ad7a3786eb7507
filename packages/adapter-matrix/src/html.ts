import type { Block, Content, Inline } from "@fanin/core";

/** Whether the content has something that a plain body can't say; there, paragraphs would be lines. */
export function needsHtml(content: Content, network: string): boolean {
  const [only, more] = content.children;
  if (more) return true;
  return only !== undefined && (only.type !== "paragraph" || only.children.some(node => isFormatted(node, network)));
}

function isFormatted(node: Inline, network: string): boolean {
  switch (node.type) {
    case "text":
    case "break":
    case "customEmoji":
      return false;
    case "userMention":
      return node.network === network;
    case "link":
      return !isBare(node);
    default:
      return true;
  }
}

/** A link that is its own label; every client makes one of it. */
function isBare(link: Extract<Inline, { type: "link" }>): boolean {
  const [label, more] = link.children;
  return label === undefined || (more === undefined && label.type === "text" && label.value === link.url);
}

/** The people of `network` whom the content mentions, each once. */
export function ownMentions(content: Content, network: string): string[] {
  const people = new Set<string>();
  const visit = (node: Block | Inline): void => {
    if (node.type === "userMention" && node.network === network) people.add(node.person);
    if ("children" in node) node.children.forEach(visit);
  };
  content.children.forEach(visit);
  return [...people];
}

/** Opens the name before a message. */
export const fallbackTag = "<strong data-mx-profile-fallback>";

/** Nothing to a browser; without it heisenbridge puts what two blocks say on one line of IRC. */
const betweenBlocks = "\n";

/**
 * Content as Matrix's subset of HTML, `prefix` (HTML already) before the first words.
 * https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes
 */
export function toHtml(content: Content, network: string, prefix = ""): string {
  const [only, more] = content.children;
  // A single paragraph goes bare: IRC bridges give up on HTML with <p>, and clients add space around it.
  if (only?.type === "paragraph" && !more) return prefix + inlineHtml(only.children, network);
  const [first, ...rest] = content.children;
  if (!first) return prefix;
  const head =
    first.type === "paragraph"
      ? `<p>${prefix}${inlineHtml(first.children, network)}</p>`
      : prefix + blockHtml(first, network);
  return [head, ...rest.map(block => blockHtml(block, network))].join(betweenBlocks);
}

function blockHtml(block: Block, network: string): string {
  switch (block.type) {
    case "paragraph":
      return `<p>${inlineHtml(block.children, network)}</p>`;
    case "blockquote":
      return `<blockquote>${block.children.map(child => blockHtml(child, network)).join(betweenBlocks)}</blockquote>`;
    case "code": {
      const language = block.lang ? ` class="language-${escapeHtml(block.lang)}"` : "";
      return `<pre><code${language}>${escapeHtml(block.value)}\n</code></pre>`;
    }
  }
}

function inlineHtml(nodes: readonly Inline[], network: string): string {
  return nodes.map(node => nodeHtml(node, network)).join("");
}

function nodeHtml(node: Inline, network: string): string {
  switch (node.type) {
    case "text":
      return escapeHtml(node.value).replaceAll("\n", "<br>");
    case "break":
      return "<br>";
    case "inlineCode":
      return `<code>${escapeHtml(node.value)}</code>`;
    case "customEmoji":
      return escapeHtml(`:${node.name}:`);
    case "userMention":
      return node.network === network ? pill(node.person, node.name) : escapeHtml(`@${node.name}`);
    case "link": {
      const label = node.children.length > 0 ? inlineHtml(node.children, network) : escapeHtml(node.url);
      return `<a href="${escapeHtml(node.url)}">${label}</a>`;
    }
    case "strong":
      return `<strong>${inlineHtml(node.children, network)}</strong>`;
    case "emphasis":
      return `<em>${inlineHtml(node.children, network)}</em>`;
    case "delete":
      return `<del>${inlineHtml(node.children, network)}</del>`;
  }
}

/** https://spec.matrix.org/latest/appendices/#matrixto-navigation */
function pill(person: string, name: string): string {
  return `<a href="https://matrix.to/#/${encodeURIComponent(person)}">${escapeHtml(name)}</a>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, character => entities[character] ?? character);
}
