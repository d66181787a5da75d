import { expect, onTestFinished, test } from "vitest";
import { folderWith, runScript } from "./testing.mjs";

const manifest = (name, floor, dependencies = []) => ({
  name: `@uphill/${name}`,
  dependencies: Object.fromEntries(dependencies.map((one) => [`@uphill/${one}`, "workspace:^"])),
  uphill: { floor },
});

const sound = {
  "packages/low/package.json": manifest("low", 0),
  "packages/low/src/index.ts": `export const one = 1;\n`,
  "packages/left/package.json": manifest("left", 1, ["low"]),
  "packages/left/src/index.ts": `export { one } from "@uphill/low";\n`,
  "packages/left/src/node/file.ts": `import "node:fs";\n`,
  "packages/left/src/index.test.ts": `import "node:fs";\n`,
  "packages/right/package.json": manifest("right", 1),
  "packages/right/src/index.ts": `export const two = 2;\n`,
  "apps/shell/package.json": manifest("shell", 6, ["left"]),
  "apps/shell/src/main.ts": `import "node:fs";\nimport "@uphill/left";\n`,
};

const check = (changes) => runScript("check-floors.mjs", ["--root", folderWith({ ...sound, ...changes }, onTestFinished)]);

test("a workspace whose imports all point down passes", () => {
  expect(check({})).toEqual({ code: 0, output: "4 packages import only from floors below their own\n" });
});

test("a test may import what a package below keeps for tests", () => {
  const suite = `import "../../low/test/suite.js";\n`;
  const files = { "packages/left/src/suite.test.ts": suite, "packages/left/test/own.ts": suite, "apps/shell/test/own.ts": `import "../../../packages/left/test/suite.js";\n` };
  expect(check(files).code).toBe(0);
});

const wrongImports = [
  ["an import from the same floor", `import { two } from "@uphill/right";`, "imports @uphill/right (floor 1); @uphill/left stands on floor 1"],
  ["a type import from above", `import type { Shell } from "@uphill/shell";`, "imports @uphill/shell (floor 6)"],
  ["a re-export", `export { two } from "@uphill/right/sub";`, "imports @uphill/right (floor 1)"],
  ["a dynamic import", `const right = await import("@uphill/right");`, "imports @uphill/right (floor 1)"],
  ["a path into another package", `import "../../right/src/index.js";`, "imports ../../right/src/index.js, outside its own package"],
  ["a path into another package's tests, from a source", `import "../../low/test/suite.js";`, "imports ../../low/test/suite.js, outside its own package"],
  ["a package that does not exist", `import "@uphill/nowhere";`, "imports @uphill/nowhere, which is no package"],
  ["an import that package.json does not list", `import "@uphill/ground";`, "imports @uphill/ground, which packages/left/package.json does not list"],
  ["node: in what a browser loads", `import "node:fs";`, "imports node:fs outside src/node.ts"],
  ["a Node.js file in what a browser loads", `import "./node/file.js";`, "imports ./node/file.js, which needs Node.js"],
];

test("every import that may not be is named, and nothing else", () => {
  const files = wrongImports.map(([, source], index) => [`packages/left/src/wrong-${index}.ts`, `${source}\n`]);
  const { code, output } = check({ "packages/ground/package.json": manifest("ground", 0), ...Object.fromEntries(files) });
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(wrongImports.length + 1);
  wrongImports.forEach(([what, , message], index) => {
    expect(lines[index], what).toContain(`packages/left/src/wrong-${index}.ts: ${message}`);
  });
  expect(code).toBe(1);
});

test("a dependency from the same floor and a package without a floor are named", () => {
  const { code, output } = check({
    "packages/left/package.json": manifest("left", 1, ["low", "right"]),
    "packages/nameless/package.json": { name: "@uphill/nameless" },
  });
  expect(output).toContain("packages/left/package.json: depends on @uphill/right (floor 1)");
  expect(output).toContain('packages/nameless/package.json: "uphill": { "floor": … } is missing');
  expect(code).toBe(1);
});
