// Usage: node scripts/check-changesets.mjs [--since REF] [--root FOLDER]
//
// Names every published package whose sources or manifest changed without a changeset. By default that is
// since the package's last release, the last commit to its CHANGELOG.md; with --since, as for a pull
// request, since the branch left REF, where only changesets made since then count.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { report, repositoryRoot, workspacePackages } from "./workspace.mjs";

const { values } = parseArgs({ options: { since: { type: "string" }, root: { type: "string", default: repositoryRoot } } });
const { root, since } = values;
const base = since === undefined ? undefined : git("merge-base", since, "HEAD")[0];
const named = new Set(changesets().flatMap(packagesNamedBy));
const published = workspacePackages(root).filter((one) => one.published);
const findings = published
  .filter((one) => !named.has(one.name) && hasChanged(one))
  .map((one) => `${one.name} has changed, but no changeset names it: run "npm run changeset", or see CONTRIBUTING.md`);
report(findings, `every changed package has its changeset (${published.length} looked at)`);

function git(...parameters) {
  const output = execFileSync("git", parameters, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return output.split("\n").filter((line) => line !== "");
}

/** Files below `paths` that differ from a commit, those not yet added included; every file where there is none. */
function filesChanged(commit, ...paths) {
  const unknown = git("ls-files", "--others", "--exclude-standard", "--", ...paths);
  const known = commit === undefined ? git("ls-files", "--", ...paths) : git("diff", "--name-only", commit, "--", ...paths);
  return [...known, ...unknown];
}

function changesets() {
  return filesChanged(base, ".changeset")
    .filter((path) => path.endsWith(".md") && path !== ".changeset/README.md")
    .map((path) => join(root, path))
    .filter((file) => existsSync(file));
}

function packagesNamedBy(file) {
  const [, header = ""] = readFileSync(file, "utf8").split(/^---$/m);
  return [...header.matchAll(/^["']?([^"':\s]+)["']?\s*:\s*(?:patch|minor|major)\s*$/gm)].map(([, name]) => name);
}

function hasChanged(one) {
  const changelog = `${one.path}/CHANGELOG.md`;
  const release = base ?? git("log", "-1", "--format=%H", "--", changelog)[0];
  const changed = filesChanged(release, one.path);
  if (since !== undefined && changed.includes(changelog)) return false;
  return changed.some((path) => path === `${one.path}/package.json` || isSource(path.slice(one.path.length + 1)));
}

function isSource(path) {
  return path.startsWith("src/") && !/\.test\.[a-z]+$/.test(path);
}
