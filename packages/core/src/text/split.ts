import type { Block, Content, Inline } from "../model/content.ts";

/**
 * Cuts content into parts that each satisfy `fits`, in order and losing nothing but the white space at a cut. Cuts fall
 * between blocks if they can, else between lines, else between words, else between characters; marks, code and quotes
 * continue in the next part. `fits` must accept any part of one character and must not accept more as content grows.
 */
export function splitContent(content: Content, fits: (content: Content) => boolean): Content[] {
  const parts: Content[] = [];
  let rest = content.children;
  while (rest.length > 0) {
    const whole = root(rest);
    if (fits(whole)) {
      parts.push(whole);
      break;
    }
    const cut = cutBlocks(rest, blocks => fits(root(blocks)));
    parts.push(root(cut.head));
    rest = cut.tail;
  }
  return parts.length > 0 ? parts : [content];
}

function root(children: Block[]): Content {
  return { type: "root", children };
}

interface Cut<Node> {
  readonly head: Node[];
  readonly tail: Node[];
}

/** Takes as many whole blocks as fit, and a piece of the next one only where not even one does. */
function cutBlocks(blocks: readonly Block[], fits: (blocks: Block[]) => boolean): Cut<Block> {
  const whole = longest(blocks.length, count => fits(blocks.slice(0, count)));
  const first = blocks[0];
  if (whole > 0 || !first) return { head: blocks.slice(0, whole), tail: blocks.slice(whole) };
  const cut = cutBlock(first, block => fits([block]));
  return { head: [cut.head], tail: [...(cut.tail ? [cut.tail] : []), ...blocks.slice(1)] };
}

function cutBlock(block: Block, fits: (block: Block) => boolean): { head: Block; tail?: Block } {
  switch (block.type) {
    case "paragraph": {
      const cut = cutInline(block.children, children => fits({ ...block, children }));
      return { head: { ...block, children: cut.head }, ...tailOf(cut.tail, children => ({ ...block, children })) };
    }
    case "blockquote": {
      const cut = cutBlocks(block.children, children => fits({ ...block, children }));
      return { head: { ...block, children: cut.head }, ...tailOf(cut.tail, children => ({ ...block, children })) };
    }
    case "code": {
      const at = cutText(block.value, value => fits({ ...block, value }));
      const value = block.value.slice(at).replace(/^\n/, "");
      return {
        head: { ...block, value: block.value.slice(0, at) },
        ...(value === "" ? {} : { tail: { ...block, value } }),
      };
    }
  }
}

function tailOf<Node>(nodes: Node[], wrap: (nodes: Node[]) => Block): { tail?: Block } {
  return nodes.length > 0 ? { tail: wrap(nodes) } : {};
}

function cutInline(nodes: readonly Inline[], fits: (nodes: Inline[]) => boolean): Cut<Inline> {
  const whole = longest(nodes.length, count => fits(nodes.slice(0, count)));
  const head = nodes.slice(0, whole);
  const next = nodes[whole];
  if (!next) return { head, tail: [] };
  const line = head.findLastIndex(node => node.type === "break");
  if (line > 0) return { head: head.slice(0, line), tail: nodes.slice(line + 1) };
  const piece = cutNode(next, node => fits([...head, node]), whole > 0);
  const tail = [...(piece.tail ? [piece.tail] : []), ...nodes.slice(whole + 1)];
  return { head: piece.head ? [...head, piece.head] : head, tail: dropLeadingBreak(tail) };
}

/** `spare`: something stands before this node, so that taking nothing of it still makes progress. */
function cutNode(node: Inline, fits: (node: Inline) => boolean, spare: boolean): { head?: Inline; tail?: Inline } {
  switch (node.type) {
    case "text":
    case "inlineCode": {
      const at = cutText(node.value, value => fits({ ...node, value }), spare);
      const head = node.value.slice(0, at);
      const tail = node.value.slice(at).replace(/^[ \n]/, "");
      return {
        ...(head === "" ? {} : { head: { ...node, value: head } }),
        ...(tail === "" ? {} : { tail: { ...node, value: tail } }),
      };
    }
    case "strong":
    case "emphasis":
    case "delete":
    case "link": {
      if (spare && !fits({ ...node, children: node.children.slice(0, 1) })) return { tail: node };
      const cut = cutInline(node.children, children => fits({ ...node, children }));
      return {
        ...(cut.head.length > 0 ? { head: { ...node, children: cut.head } } : {}),
        ...(cut.tail.length > 0 ? { tail: { ...node, children: cut.tail } } : {}),
      };
    }
    default:
      return spare ? { tail: node } : { head: node };
  }
}

function dropLeadingBreak(nodes: Inline[]): Inline[] {
  return nodes[0]?.type === "break" ? nodes.slice(1) : nodes;
}

/** The longest prefix that fits, ended at a line, a word or a character. At least one character unless `spare`. */
function cutText(text: string, fits: (text: string) => boolean, spare = false): number {
  const low = longest(text.length, length => fits(text.slice(0, length)));
  if (low === text.length) return low;
  for (const mark of ["\n", " "]) {
    const at = text.lastIndexOf(mark, low);
    if (at > low / 2) return at;
  }
  if (spare) return 0;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(low - 1));
  const at = splitsPair ? low - 1 : low;
  if (at > 0) return at;
  return /^[\uD800-\uDBFF]/.test(text) ? 2 : 1;
}

/** The largest count, from 0 to `most`, that still fits. */
function longest(most: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
