import type { Inline, NetworkName } from "@fanin/core";
import type { Element, ElementContent, RootContent } from "hast";
import type { InlineRun } from "./inline-run.ts";

type Wrap = (children: Inline[]) => Inline;

const strong: Wrap = children => ({ type: "strong", children });
const emphasis: Wrap = children => ({ type: "emphasis", children });
const strike: Wrap = children => ({ type: "delete", children });
const wraps: Readonly<Record<string, Wrap>> = {
  b: strong,
  strong,
  em: emphasis,
  i: emphasis,
  del: strike,
  s: strike,
  strike,
};

/** Adds an inline node to the run, and all that is in it; links to people become mentions of people on `network`. */
export function addInline(node: RootContent, run: InlineRun, network: NetworkName): void {
  add(node, { run, network, within: [] });
}

interface Place {
  readonly run: InlineRun;
  readonly network: NetworkName;
  /** What encloses the run: nothing is put in its own kind, so that no message is as deep as its author likes. */
  readonly within: readonly Inline["type"][];
}

function add(node: RootContent, place: Place): void {
  const { run } = place;
  if (node.type === "text") run.text(node.value);
  if (node.type !== "element") return;
  // MSC4144: the name, for readers who do not know the profile.
  if (node.properties["dataMxProfileFallback"] !== undefined) return;
  const wrap = wraps[node.tagName];
  if (wrap) addWrapped(wrap, node, place);
  else if (node.tagName === "br") run.break();
  else if (node.tagName === "code") run.add({ type: "inlineCode", value: rawText(node) });
  else if (node.tagName === "img") addImage(node, run);
  else if (node.tagName === "a") addLink(node, place);
  else if (node.properties["dataMxSpoiler"] !== undefined) addSpoiler(node, place);
  else {
    // Cells stand beside each other.
    if (node.tagName === "td" || node.tagName === "th") run.text(" ");
    addAll(node, place);
  }
}

function addAll({ children }: Element, place: Place): void {
  for (const child of children) add(child, place);
}

function addWrapped(wrap: Wrap, element: Element, { run, network, within }: Place): void {
  const { type } = wrap([]);
  if (within.includes(type)) addAll(element, { run, network, within });
  else run.within(wrap, inner => addAll(element, { run: inner, network, within: [...within, type] }));
}

/** Content has no word for it yet: the signs that Discord's people know say that it was hidden. */
function addSpoiler(element: Element, place: Place): void {
  place.run.text("||");
  addAll(element, place);
  place.run.text("||");
}

function addImage({ properties }: Element, run: InlineRun): void {
  const text = String(properties["alt"] ?? properties["title"] ?? "");
  const name = text.replaceAll(/^:|:$/g, "");
  if (properties["dataMxEmoticon"] !== undefined && name !== "") run.add({ type: "customEmoji", name });
  else run.text(text);
}

function addLink(link: Element, place: Place): void {
  const { run, network } = place;
  const url = String(link.properties["href"] ?? "");
  const person = personOf(url);
  if (person !== undefined) {
    const name = rawText(link).trim().replace(/^@/, "");
    run.add({ type: "userMention", network, person, name: name || person });
  } else if (url === "") {
    addAll(link, place);
  } else {
    addWrapped(children => ({ type: "link", url, children }), link, place);
  }
}

/** https://spec.matrix.org/latest/appendices/#uris: links to people, by matrix.to or by scheme. */
function personOf(url: string): string | undefined {
  const found = /^https?:\/\/matrix\.to\/#\/((?:@|%40)[^/?]+)/.exec(url)?.[1];
  if (found !== undefined) return decoded(found);
  const byScheme = /^matrix:u\/([^/?]+)/.exec(url)?.[1];
  return byScheme === undefined ? undefined : decoded(`@${byScheme}`);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The text in an element as it stands, white space and all. */
export function rawText(node: Element | ElementContent): string {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return "";
  return node.tagName === "br" ? "\n" : node.children.map(rawText).join("");
}
