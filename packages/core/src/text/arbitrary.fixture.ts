import { type Arbitrary, array, constantFrom, letrec, oneof, option, record, string, tuple } from "fast-check";
import { Block, Content, Inline } from "../model/content.ts";
import { NetworkName } from "../model/ids.ts";

const word = string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const text = array(word, { minLength: 1, maxLength: 30 }).map(words => words.join(" "));

const { inline, block } = letrec<{ inline: Inline; block: Block }>(tie => {
  const children = array(tie("inline"), { minLength: 1, maxLength: 4 });
  return {
    inline: oneof(
      { depthSize: "small", withCrossShrink: true },
      text.map(value => Inline.parse({ type: "text", value })),
      text.map(value => Inline.parse({ type: "inlineCode", value })),
      constantFrom(Inline.parse({ type: "break" })),
      word.map(name => Inline.parse({ type: "userMention", network: NetworkName.parse("slack"), person: "U1", name })),
      word.map(name => Inline.parse({ type: "customEmoji", name })),
      tuple(constantFrom("strong", "emphasis", "delete"), children).map(([type, nodes]) =>
        Inline.parse({ type, children: nodes }),
      ),
      children.map(nodes => Inline.parse({ type: "link", url: "https://example.org/", children: nodes })),
    ),
    block: oneof(
      { depthSize: "small", withCrossShrink: true },
      array(tie("inline"), { minLength: 1, maxLength: 8 }).map(nodes =>
        Block.parse({ type: "paragraph", children: nodes }),
      ),
      record({ value: text, lang: option(constantFrom("yaml", "sh"), { nil: undefined }) }).map(code =>
        Block.parse({ type: "code", ...code }),
      ),
      array(tie("block"), { minLength: 1, maxLength: 3 }).map(nodes =>
        Block.parse({ type: "blockquote", children: nodes }),
      ),
    ),
  };
});

/** Any content that the model allows. */
export const anyContent: Arbitrary<Content> = array(block, { minLength: 1, maxLength: 6 }).map(children =>
  Content.parse({ type: "root", children }),
);
void inline;
