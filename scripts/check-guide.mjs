// Usage: node scripts/check-guide.mjs
//
// Runs every command that CONTRIBUTING.md shows in a ```sh block, in order and in one shell, in a fresh
// clone of this repository, and stops at the first that fails.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execute, temporaryFolder } from "./consumer.mjs";
import { codeBlocks } from "./markdown.mjs";
import { report, repositoryRoot } from "./workspace.mjs";

const blocks = codeBlocks(readFileSync(join(repositoryRoot, "CONTRIBUTING.md"), "utf8")).filter(({ language }) => language === "sh");
const clone = join(temporaryFolder("guide"), "uphill");
const identity = { GIT_AUTHOR_NAME: "Guide", GIT_AUTHOR_EMAIL: "guide@example.org" };
const env = {
  ...process.env,
  ...identity,
  GIT_COMMITTER_NAME: identity.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: identity.GIT_AUTHOR_EMAIL,
  CI: "true",
  // What this clone has already tested and built, byte for byte, need not run again.
  TURBO_CACHE_DIR: join(repositoryRoot, ".turbo", "cache"),
};

const cloned = await execute("git", ["clone", "--quiet", repositoryRoot, clone]);
const findings = cloned.code === 0 ? await runBlocks() : [`git clone failed:\n${cloned.output}`];
report(findings, `${blocks.length} blocks of commands of CONTRIBUTING.md work in a fresh clone`);

async function runBlocks() {
  if (blocks.length === 0) return ["CONTRIBUTING.md shows no command"];
  const script = blocks.map(({ code, line }) => `echo "==== CONTRIBUTING.md:${line}"\n${code}`).join("\n");
  const { code, output } = await execute("bash", ["-euo", "pipefail", "-c", script], { cwd: clone, env });
  return code === 0 ? [] : [`a command of CONTRIBUTING.md ends with code ${code}:\n${output}`];
}
