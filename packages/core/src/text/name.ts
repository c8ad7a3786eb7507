import { stripMarks } from "../guard/mark.ts";
import type { Author } from "../model/message.ts";
import { isBlank, oneLine } from "./blank.ts";

/**
 * The name under which an author's words are shown: on one line, without marks, their id where nobody could see the
 * name. At most `longest` UTF-16 units, cut between characters.
 */
export function shownName({ name, id }: Author, longest: number): string {
  const plain = oneLine(stripMarks(name));
  return shortened(isBlank(plain) ? id : plain, longest);
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (cut.length + segment.length > longest - 1) break;
    cut += segment;
  }
  // One letter with more marks on it than fit has no end between characters.
  return `${cut || text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
