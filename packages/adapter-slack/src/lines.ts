import type { Block, Inline } from "@fanin/core";

/** Text as Slack has it, line feeds and all, as nodes. */
export function linesOf(text: string): Inline[] {
  return text
    .split("\n")
    .flatMap((value, line): Inline[] => [
      ...(line > 0 ? [{ type: "break" as const }] : []),
      ...(value === "" ? [] : [{ type: "text" as const, value }]),
    ]);
}

/** An empty line parts paragraphs; breaks at the ends, which Slack keeps around quotes and code, say nothing. */
export function paragraphsOf(nodes: readonly Inline[]): Block[] {
  const paragraphs: Inline[][] = [[]];
  nodes.forEach((node, index) => {
    const emptyLine = node.type === "break" && nodes[index + 1]?.type === "break";
    const afterEmptyLine = node.type === "break" && nodes[index - 1]?.type === "break";
    if (emptyLine) paragraphs.push([]);
    else if (!afterEmptyLine) paragraphs.at(-1)?.push(node);
  });
  return paragraphs
    .map(trimmed)
    .filter(children => children.length > 0)
    .map(children => ({ type: "paragraph", children }));
}

function trimmed(nodes: readonly Inline[]): Inline[] {
  const from = nodes.findIndex(node => node.type !== "break");
  const to = nodes.findLastIndex(node => node.type !== "break");
  return from < 0 ? [] : nodes.slice(from, to + 1);
}
