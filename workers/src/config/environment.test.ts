import { expect, test } from "vitest";
import { parse } from "yaml";
import { fillIn, hideVariables } from "./environment.ts";

const VARIABLES = { TOKEN: "se#cret: {value}", EMPTY: "", HOST: "example" };
const fill = (yaml: string): ReturnType<typeof fillIn> => fillIn(parse(hideVariables(yaml)), VARIABLES);

test("fills variables in, quoted or not, in braces too, and never reads a value as YAML", () => {
  const { data, missing } = fill(
    `{ a: \${TOKEN}, b: '\${TOKEN}', c: https://\${HOST}.org, d: [\${HOST}, "\${HOST}-\${HOST}"] }`,
  );
  expect(data).toEqual({
    a: VARIABLES.TOKEN,
    b: VARIABLES.TOKEN,
    c: "https://example.org",
    d: ["example", "example-example"],
  });
  expect(missing).toEqual([]);
});

test("leaves what is escaped, commented out or not in braces", () => {
  expect(fill(`a: $\${TOKEN} # \${NOBODY}\nb: $TOKEN\nc: { d: $\${TOKEN} }`).data).toEqual({
    a: `\${TOKEN}`,
    b: "$TOKEN",
    c: { d: `\${TOKEN}` },
  });
});

test("names what is not set with its place, once for each", () => {
  expect(fill(`a: [{ b: \${NOBODY} }, \${EMPTY}]`).missing).toEqual([
    { path: ["a", 0, "b"], says: "the environment variable NOBODY is not set; set it before starting fanin." },
    { path: ["a", 1], says: "the environment variable EMPTY is empty; set it before starting fanin." },
  ]);
});

test("puts names back where values would show, but for values as short as words", () => {
  const { redact } = fill(`a: \${TOKEN}\nb: \${HOST}`);
  expect(redact("se#cret: {value} of an example")).toBe(`\${TOKEN} of an example`);
});
