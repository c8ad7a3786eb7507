import type { Block, Content, Inline } from "../model/content.ts";

/** The content as people would type it without markup: mentions as `@name`, custom emoji as `:name:`, links with their URL. */
export function plainText(content: Content): string {
  return content.children.map(blockText).join("\n");
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.children);
    case "code":
      return block.value;
    case "blockquote":
      return block.children.map(blockText).join("\n").replaceAll(/^/gm, "> ");
  }
}

/** The same for a run of inline nodes. */
export function inlineText(nodes: readonly Inline[]): string {
  return nodes.map(nodeText).join("");
}

function nodeText(node: Inline): string {
  switch (node.type) {
    case "text":
    case "inlineCode":
      return node.value;
    case "break":
      return "\n";
    case "userMention":
      return `@${node.name}`;
    case "customEmoji":
      return `:${node.name}:`;
    case "link": {
      const label = inlineText(node.children);
      return label === "" || label === node.url ? node.url : `${label} (${node.url})`;
    }
    default:
      return inlineText(node.children);
  }
}
