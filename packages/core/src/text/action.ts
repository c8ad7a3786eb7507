import type { Content, Inline } from "../model/content.ts";

/** What somebody does (`/me waves`), as IRC and Matrix clients show it: `* Ann waves`. */
export function actionContent(content: Content, name: string): Content {
  const [first, ...rest] = content.children;
  const did: Inline = { type: "text", value: `* ${name} ` };
  if (first?.type !== "paragraph") {
    return { type: "root", children: [{ type: "paragraph", children: [did] }, ...content.children] };
  }
  const emphasis: Inline = { type: "emphasis", children: [did, ...first.children] };
  return { type: "root", children: [{ type: "paragraph", children: [emphasis] }, ...rest] };
}
