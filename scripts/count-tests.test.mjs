import { expect, onTestFinished, test } from "vitest";
import { folderWith, runScript } from "./testing.mjs";

const results = (passed, changes = {}) => ({
  numPassedTests: passed,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [{ status: "passed", assertionResults: [{}] }],
  ...changes,
});

function count(file, files) {
  const manifests = {
    "package.json": { scripts: { "test:scripts": "vitest run" } },
    "packages/a/package.json": { name: "a", scripts: { test: "vitest run" } },
    "apps/b/package.json": { name: "b", scripts: { test: "vitest run", "test:browser": "vitest run" } },
  };
  return runScript("count-tests.mjs", [file, "--root", folderWith({ ...manifests, ...files }, onTestFinished)]);
}

const all = { ".results/vitest.json": results(1), "packages/a/.results/vitest.json": results(2), "apps/b/.results/vitest.json": results(4) };

test("passed tests add up over the packages and the scripts", () => {
  expect(count("vitest.json", all)).toEqual({ code: 0, output: "7 0 0\n" });
});

test.each([
  ["failed tests", { numFailedTests: 3, success: false }, "6 3 0\n"],
  ["skipped and planned tests", { numPendingTests: 2, numTodoTests: 1 }, "6 0 3\n"],
  ["a file that could not be loaded", { success: false, testResults: [{ status: "failed", assertionResults: [] }] }, "6 1 0\n"],
  ["an error outside of any test", { success: false }, "6 1 0\n"],
])("%s are counted", (_, changes, expected) => {
  expect(count("vitest.json", { ...all, ".results/vitest.json": results(0, changes) }).output).toBe(expected);
});

test("a package without results counts as a failure and is named", () => {
  const { "packages/a/.results/vitest.json": _, ...others } = all;
  expect(count("vitest.json", others).output).toBe("5 1 0\na: no test results\n");
});

test("browser results come only from packages that have a browser test", () => {
  expect(count("browser.json", { "apps/b/.results/browser.json": results(0, { numPendingTests: 1 }) }).output).toBe("0 0 1\n");
});
