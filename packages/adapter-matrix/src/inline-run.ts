import type { Inline } from "@fanin/core";

/** Where a run of text stands; shared by the runs within it, because white space collapses across elements. */
interface Place {
  /** Nothing but white space since the last line began, or the last character is a space. */
  spaced: boolean;
}

/**
 * Collects inline nodes as a browser shows them: white space collapses to one space, and to none where a line begins
 * or ends; neighbouring texts are one.
 */
export class InlineRun {
  readonly #nodes: Inline[] = [];
  readonly #place: Place;

  constructor(place: Place = { spaced: true }) {
    this.#place = place;
  }

  text(value: string): void {
    let shown = value.replaceAll(/[ \t\n\f\r]+/g, " ");
    if (this.#place.spaced && shown.startsWith(" ")) shown = shown.slice(1);
    if (shown === "") return;
    this.#place.spaced = shown.endsWith(" ");
    const last = this.#nodes.at(-1);
    if (last?.type === "text") last.value += shown;
    else this.#nodes.push({ type: "text", value: shown });
  }

  break(): void {
    trimEnd(this.#nodes);
    this.#nodes.push({ type: "break" });
    this.#place.spaced = true;
  }

  add(node: Inline): void {
    this.#nodes.push(node);
    this.#place.spaced = false;
  }

  /** What `fill` collects, wrapped; nothing where it collects nothing. */
  within(wrap: (children: Inline[]) => Inline, fill: (inner: InlineRun) => void): void {
    const inner = new InlineRun(this.#place);
    fill(inner);
    if (inner.#nodes.length > 0) this.#nodes.push(wrap(inner.#nodes));
  }

  /** The run without white space and breaks around it. */
  end(): Inline[] {
    while (this.#nodes[0]?.type === "break") this.#nodes.shift();
    for (;;) {
      trimEnd(this.#nodes);
      if (this.#nodes.at(-1)?.type !== "break") return this.#nodes;
      this.#nodes.pop();
    }
  }
}

/** Takes the white space from the end, from inside the last element too; elements left empty go. */
function trimEnd(nodes: Inline[]): void {
  const last = nodes.at(-1);
  if (!last) return;
  if (last.type === "text") {
    last.value = last.value.replace(/ +$/, "");
    if (last.value !== "") return;
  } else if ("children" in last) {
    trimEnd(last.children);
    if (last.children.length > 0) return;
  } else {
    return;
  }
  nodes.pop();
  trimEnd(nodes);
}
