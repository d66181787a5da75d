import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderWith, runScript } from "./testing.mjs";
import { repositoryRoot } from "./workspace.mjs";

/** A workspace with this repository's shared configuration and tools, and no packages. */
function emptyWorkspace() {
  const shared = ["package.json", "tsconfig.base.json", "tsup.base.ts", "vitest.base.ts", "vitest.laws.ts", "vitest.setup.ts"];
  const read = (path) => [path, readFileSync(join(repositoryRoot, path), "utf8")];
  const root = folderWith(Object.fromEntries(shared.map(read)), onTestFinished);
  symlinkSync(join(repositoryRoot, "node_modules"), join(root, "node_modules"), "junction");
  return root;
}

function inPackage(root, name, command) {
  const PATH = `${join(repositoryRoot, "node_modules", ".bin")}:${process.env.PATH}`;
  const result = spawnSync(command, { cwd: join(root, "packages", name), encoding: "utf8", env: { ...process.env, PATH }, shell: true });
  return { code: result.status, output: result.stdout + result.stderr };
}

test("a new package builds and type-checks, stands on its floor, and its one test fails", () => {
  const root = emptyWorkspace();
  expect(runScript("new-package.mjs", ["lottery", "--floor", "3", "--root", root]).code).toBe(0);

  const manifest = JSON.parse(readFileSync(join(root, "packages/lottery/package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "@uphill/lottery", uphill: { floor: 3 } });
  expect(inPackage(root, "lottery", manifest.scripts.build)).toEqual({ code: 0, output: "" });
  const built = inPackage(root, "lottery", `node -p "import('./dist/index.js').then(m => console.log(m.answer()))"`);
  expect(built.output).toContain("41");
  expect(readFileSync(join(root, "packages/lottery/dist/index.d.ts"), "utf8")).toContain("answer");
  expect(inPackage(root, "lottery", manifest.scripts.typecheck)).toEqual({ code: 0, output: "" });

  const tested = inPackage(root, "lottery", manifest.scripts.test);
  expect(tested.code).toBe(1);
  expect(tested.output).toContain("expected 41 to be 42");
  expect(runScript("check-floors.mjs", ["--root", root]).code).toBe(0);
});

test.each([
  ["no name", [], "NAME: expected one kebab-case name such as trust-region, got none"],
  ["a name that is not kebab-case", ["TrustRegion"], "got TrustRegion"],
  ["two names", ["one", "two"], "got one two"],
  ["a floor that does not exist", ["one", "--floor", "6"], "--floor: expected an integer from 0 to 5, got 6"],
  ["a name that is taken", ["core-math"], "NAME: expected a name that is not taken, but packages/core-math exists"],
])("%s is refused in one sentence", (_, parameters, message) => {
  const { code, output } = runScript("new-package.mjs", parameters);
  expect(output).toContain(message);
  expect(code).toBe(2);
});
