import { execFileSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { folderWith, runScript } from "./testing.mjs";

function check(files) {
  const root = folderWith(files, onTestFinished);
  execFileSync("git", ["init", "-q"], { cwd: root });
  execFileSync("git", ["add", "."], { cwd: root });
  return runScript("check-addresses.mjs", ["--root", root]);
}

const lockfile = "packages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x}\n";

test("a lockfile of hashes passes", () => {
  expect(check({ "pnpm-lock.yaml": lockfile, "a.md": "https://example.org\n" })).toEqual({
    code: 0,
    output: "2 files hold no download address\n",
  });
});

test.each([
  ["a tarball's address", "pnpm-lock.yaml", "    resolution: {tarball: a.tgz}"],
  ["a git dependency", "pnpm-lock.yaml", "    resolution: {commit: 1, repo: git+ssh://example.org}"],
  ["a registry's host", "notes.md", ["https://registry", "example.org"].join(".")],
  ["a configured registry", "settings/.npmrc", ["registry", "here"].join("=")],
])("%s is named with its line", (_, path, line) => {
  const { code, output } = check({ "pnpm-lock.yaml": lockfile, [path]: `one\n${line}\n` });
  expect(output).toContain(`${path}:2: `);
  expect(code).toBe(1);
});
