import { expect, onTestFinished, test } from "vitest";
import { codeBlocks } from "./markdown.mjs";
import { manifest } from "./package-template.mjs";
import { folderWith, runScript } from "./testing.mjs";

const example = (...lines) => ["```ts", ...lines, "```", ""].join("\n");

function check(changes) {
  const files = {
    "README.md": "[lottery](packages/lottery)\n",
    "packages/lottery/package.json": manifest({ name: "lottery", floor: 0, description: "Draws." }),
    "packages/lottery/README.md": example(`import { one } from "@uphill/lottery";`, "console.log(one);"),
    "packages/lottery/dist/index.js": "export const one = 1;\n",
    "packages/lottery/dist/index.d.ts": "export declare const one: number;\n",
    ...changes,
  };
  return runScript("check-readmes.mjs", ["--root", folderWith(files, onTestFinished)]);
}

test("a block ends at its fence and knows its language, tags and line", () => {
  const markdown = "text\n```ts continued\na\n\nb\n```\n- item\n  ```sh\n  c\n  ```\n";
  expect(codeBlocks(markdown)).toEqual([
    { language: "ts", tags: ["continued"], code: "a\n\nb", line: 3 },
    { language: "sh", tags: [], code: "c", line: 9 },
  ]);
});

test("an example that prints passes", () => {
  expect(check({})).toEqual({ code: 0, output: "1 examples in 2 READMEs type-check, run and print\n" });
});

test("a continued block sees the block before, and a browser block does not run", () => {
  const blocks = ["```ts\nconst two = 2;\n```\n", "```ts continued\nconsole.log(two);\n```\n", "```ts browser\nalert(2);\n```\n"];
  expect(check({ "packages/lottery/README.md": blocks.join("\ntext\n") }).output).toContain("2 examples in 2 READMEs");
});

test.each([
  ["that throws", [`throw new Error("no luck");`], "packages/lottery/README.md:2: the example fails:"],
  ["that prints nothing", ["export const two = 2;"], "packages/lottery/README.md:2: the example prints nothing"],
  ["with a wrong type", ["", "const two: string = 2;", "console.log(two);"], "packages-lottery-README.md-2.ts(3,7): error TS2322"],
  ["with an unknown export", [`import { two } from "@uphill/lottery";`, "console.log(two);"], "has no exported member 'two'"],
])("an example %s is named", (_, lines, message) => {
  const { code, output } = check({ "packages/lottery/README.md": example(...lines) });
  expect(output).toContain(message);
  expect(code).toBe(1);
});

test.each([
  ["without an example", { "packages/lottery/README.md": "text\n" }, "packages/lottery/README.md: has no ```ts example"],
  ["that the root README does not name", { "README.md": "text\n" }, "README.md: does not link to packages/lottery"],
])("a package %s is named", (_, changes, message) => {
  const { code, output } = check(changes);
  expect(output).toContain(message);
  expect(code).toBe(1);
});
