import type { Block, Content, Inline } from "@fanin/core";

/**
 * The most that tidied content can take when it is written, in UTF-16 units: a sum over its nodes, so that it grows as
 * content grows, and cheap, because splitting asks it for every line.
 */
export function mostWritten(content: Content): number {
  return sum(content.children.map(block => ofBlock(block, 0)));
}

/** `perLine`: what a quote puts before each line. */
function ofBlock(block: Block, perLine: number): number {
  const apart = 2 + 2 * perLine;
  switch (block.type) {
    case "paragraph":
      return apart + sum(block.children.map(node => ofInline(node) + (perLine > 0 ? perLine * breaksIn(node) : 0)));
    case "code": {
      const lines = count(block.value, "\n") + 3;
      return apart + block.value.length + count(block.value, "`") + (block.lang ?? "").length + 8 + lines * perLine;
    }
    case "blockquote":
      return apart + sum(block.children.map(child => ofBlock(child, 2)));
  }
}

const known = new WeakMap<Inline, number>();

function ofInline(node: Inline): number {
  const before = known.get(node);
  if (before !== undefined) return before;
  const most = measure(node);
  known.set(node, most);
  return most;
}

function measure(node: Inline): number {
  switch (node.type) {
    case "text":
      // Escapes; angle brackets around addresses, and what is encoded in them; the sign that keeps a line from being a list.
      return (
        node.value.length + 2 * (node.value.match(/[\\*_~`|<>[\]@]/g)?.length ?? 0) + 2 * count(node.value, "://") + 1
      );
    case "break":
      return 1;
    case "inlineCode":
      return node.value.length + count(node.value, "`") + 6;
    case "userMention":
      return node.person.length + 3;
    case "customEmoji":
      return 2 * node.name.length + 2;
    case "link":
      return 4 + encodedLength(node.url) + sum(node.children.map(ofInline));
    default:
      return 4 + sum(node.children.map(ofInline));
  }
}

function encodedLength(url: string): number {
  return url.length + 8 * (url.match(/[\s<>()\\]/g)?.length ?? 0);
}

function breaksIn(node: Inline): number {
  if (node.type === "break") return 1;
  if (node.type === "inlineCode") return count(node.value, "\n");
  return "children" in node ? sum(node.children.map(breaksIn)) : 0;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
