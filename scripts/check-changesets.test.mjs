import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { manifest } from "./package-template.mjs";
import { folderWith, runScript } from "./testing.mjs";

const changeset = (name) => `---\n"@uphill/${name}": patch\n---\n\nDraws better.\n`;

/** A repository with two packages, both released. */
function releasedWorkspace() {
  const files = Object.fromEntries(
    ["lottery", "raffle"].flatMap((name) => [
      [`packages/${name}/package.json`, manifest({ name, floor: 0, description: "Draws." })],
      [`packages/${name}/src/index.ts`, "export const one = 1;\n"],
      [`packages/${name}/CHANGELOG.md`, "# 0.1.0\n"],
    ]),
  );
  const root = folderWith(files, onTestFinished);
  const git = (...parameters) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", ...parameters], { cwd: root });
  const write = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const commit = () => (git("add", "."), git("commit", "-q", "-m", "change"));
  git("init", "-q", "-b", "main");
  commit();
  return { root, git, write, commit, check: (...parameters) => runScript("check-changesets.mjs", ["--root", root, ...parameters]) };
}

test("a released workspace needs no changeset", () => {
  expect(releasedWorkspace().check()).toEqual({ code: 0, output: "every changed package has its changeset (2 looked at)\n" });
});

test.each([
  ["a source that changed", "packages/lottery/src/index.ts"],
  ["a new source", "packages/lottery/src/draw.ts"],
])("%s needs a changeset that names its package, committed or not", (_, path) => {
  const { check, commit, write } = releasedWorkspace();
  write(path, "export const one = 2;\n");
  expect(check()).toMatchObject({ code: 1, output: expect.stringContaining("@uphill/lottery has changed") });
  expect(check().output).not.toContain("@uphill/raffle");
  commit();
  expect(check().code).toBe(1);
  write(".changeset/other.md", changeset("raffle"));
  expect(check().code).toBe(1);
  write(".changeset/this.md", changeset("lottery"));
  expect(check().code).toBe(0);
});

test("tests and READMEs need no changeset", () => {
  const { check, write } = releasedWorkspace();
  write("packages/lottery/src/index.test.ts", "1;\n");
  write("packages/lottery/README.md", "# lottery\n");
  expect(check().code).toBe(0);
});

test("a package never released needs one", () => {
  const { check, git, root } = releasedWorkspace();
  rmSync(join(root, ".git"), { recursive: true });
  rmSync(join(root, "packages/raffle/CHANGELOG.md"));
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "start");
  expect(check()).toMatchObject({ code: 1, output: expect.stringContaining("@uphill/raffle has changed") });
});

test("a pull request needs a changeset of its own, unless it is the release", () => {
  const { check, commit, git, write } = releasedWorkspace();
  write(".changeset/earlier.md", changeset("lottery"));
  commit();
  git("switch", "-q", "-c", "topic");
  expect(check("--since", "main").code).toBe(0);
  write("packages/lottery/src/index.ts", "export const one = 3;\n");
  expect(check().code).toBe(0);
  expect(check("--since", "main").code).toBe(1);
  write("packages/lottery/CHANGELOG.md", "# 0.2.0\n");
  expect(check("--since", "main").code).toBe(0);
});
