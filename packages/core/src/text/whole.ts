import type { Block, Content, Inline } from "../model/content.ts";
import type { FileNote } from "../model/message.ts";
import { isBlank, oneLine } from "./blank.ts";
import { inlineText } from "./plain.ts";

/** What stands above a reply to a message that the channel does not have. */
export const lostAnswer = "↪ in reply to a message that is not here";

/**
 * All that a post says, in blocks, never none: the content without what shows nothing, then a line for each file. A
 * `degraded` post begins with the line that says so.
 */
export function wholeOf(post: {
  readonly content: Content;
  readonly files: readonly FileNote[];
  readonly degraded?: boolean;
}): Content {
  const { content, files, degraded } = post;
  const said = content.children.filter(saysSomething).map(withoutEmptyEdges);
  const blocks = files.length > 0 ? [...said, fileLines(files)] : said;
  return {
    type: "root",
    children: [
      ...(degraded ? [paragraph([text(lostAnswer)])] : []),
      ...(blocks.length > 0 ? blocks : [paragraph([text("(an empty message)")])]),
    ],
  };
}

function saysSomething(block: Block): boolean {
  switch (block.type) {
    case "paragraph":
      return !isBlank(inlineText(block.children));
    case "code":
      return !isBlank(block.value);
    case "blockquote":
      return block.children.some(saysSomething);
  }
}

/** Without the empty lines before and after the words, which some clients keep. */
function withoutEmptyEdges(block: Block): Block {
  if (block.type !== "paragraph") return block;
  const isWord = (node: Inline): boolean => !isBlank(inlineText([node]));
  const first = block.children.findIndex(isWord);
  const last = block.children.findLastIndex(isWord);
  const start = block.children.slice(0, first).findLastIndex(({ type }) => type === "break") + 1;
  const end = block.children.findIndex(({ type }, index) => index > last && type === "break");
  return paragraph(block.children.slice(start, end < 0 ? undefined : end));
}

function fileLines(files: readonly FileNote[]): Block {
  return paragraph(
    files.flatMap((file, index): Inline[] => [
      ...(index > 0 ? [{ type: "break" as const }] : []),
      text(fileLine(file)),
    ]),
  );
}

function fileLine({ name, sizeBytes }: FileNote): string {
  return `📎 ${oneLine(name) || "file"}${sizeBytes === undefined ? "" : ` (${sizeText(sizeBytes)})`}`;
}

function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`;
}

function paragraph(children: Inline[]): Block {
  return { type: "paragraph", children };
}

function text(value: string): Inline {
  return { type: "text", value };
}
