import { expect, onTestFinished, test } from "vitest";
import { codeBlocks } from "./markdown.mjs";
import { manifest } from "./package-template.mjs";
import { folderWith, runScript } from "./testing.mjs";

const example = (...lines) => ["```ts", ...lines, "```", ""].join("\n");

/** A workspace of packages that export `one`, each with its README and named in the root's. */
function check(readmes, overview = Object.keys(readmes).map((name) => `[${name}](packages/${name})`).join("\n")) {
  const files = Object.entries(readmes).flatMap(([name, readme]) => [
    [`packages/${name}/package.json`, manifest({ name, floor: 0, description: "Draws." })],
    [`packages/${name}/README.md`, readme],
    [`packages/${name}/dist/index.js`, "export const one = 1;\n"],
    [`packages/${name}/dist/index.d.ts`, "export declare const one: number;\n"],
  ]);
  return runScript("check-readmes.mjs", ["--root", folderWith({ "README.md": overview, ...Object.fromEntries(files) }, onTestFinished)]);
}

test("a block ends at its fence and knows its language, tags and line", () => {
  const markdown = "text\n```ts continued\na\n\nb\n```\n- item\n  ```sh\n  c\n  ```\n";
  expect(codeBlocks(markdown)).toEqual([
    { language: "ts", tags: ["continued"], code: "a\n\nb", line: 3 },
    { language: "sh", tags: [], code: "c", line: 9 },
  ]);
});

test("examples that print pass; continued ones see the block before, and browser ones do not run", () => {
  const blocks = ["```ts\nconst two = 2;\n```\n", "```ts continued\nconsole.log(two);\n```\n", "```ts browser\nalert(2);\n```\n"];
  const plain = example(`import { one } from "@uphill/plain";`, "console.log(one);");
  expect(check({ plain, tagged: blocks.join("\ntext\n") })).toEqual({
    code: 0,
    output: "3 examples in 3 READMEs type-check, run and print\n",
  });
});

test("each fault of an example, and a package without one, is named with its line", () => {
  const { code, output } = check(
    {
      throwing: example(`throw new Error("no luck");`),
      silent: example("export const two = 2;"),
      mistyped: example("", "const two: string = 2;", "console.log(two);"),
      unknown: example(`import { two } from "@uphill/unknown";`, "console.log(two);"),
      bare: "text\n",
    },
    "[throwing](packages/throwing) [silent](packages/silent) [mistyped](packages/mistyped) [unknown](packages/unknown)",
  );
  expect(output).toMatch(/packages\/throwing\/README.md:2: the example fails:\n[^]*no luck/);
  expect(output).toContain("packages/silent/README.md:2: the example prints nothing");
  expect(output).toContain("packages-mistyped-README.md-2.ts(3,7): error TS2322");
  expect(output).toMatch(/packages-unknown-README.md-2.ts\(2,10\): error TS2305: .* has no exported member 'two'/);
  expect(output).toContain("packages/bare/README.md: has no ```ts example");
  expect(output).toContain("README.md: does not link to packages/bare");
  expect(code).toBe(1);
});
