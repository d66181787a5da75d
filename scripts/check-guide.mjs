// Usage: node scripts/check-guide.mjs
//
// Runs every command that README.md and CONTRIBUTING.md show in a ```sh block, in order, in a fresh clone
// of this repository. The demo has to serve its page; what .ci/run runs itself is not run again here.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execute, temporaryFolder } from "./consumer.mjs";
import { codeBlocks } from "./markdown.mjs";
import { report, repositoryRoot } from "./workspace.mjs";

const runElsewhere = ["npm start", "npm test"];
const served = "npm run demo";
const serveLimitMs = 60_000;

const guides = ["README.md", "CONTRIBUTING.md"];
const blocks = guides.flatMap((guide) =>
  codeBlocks(readFileSync(join(repositoryRoot, guide), "utf8"))
    .filter(({ language, code }) => language === "sh" && !runElsewhere.includes(code.trim()))
    .map(({ code, line }) => ({ place: `${guide}:${line}`, code: code.trim() })),
);
const clone = join(temporaryFolder("guide"), "uphill");
const env = {
  ...process.env,
  CI: "true",
  NO_COLOR: "1",
  GIT_AUTHOR_NAME: "Guide",
  GIT_AUTHOR_EMAIL: "guide@example.org",
  GIT_COMMITTER_NAME: "Guide",
  GIT_COMMITTER_EMAIL: "guide@example.org",
  // What this clone has already tested and built, byte for byte, need not run again.
  TURBO_CACHE_DIR: join(repositoryRoot, ".turbo", "cache"),
};
delete env.FORCE_COLOR;

const cloned = await execute("git", ["clone", "--quiet", repositoryRoot, clone]);
const findings = cloned.code === 0 ? [] : [`git clone failed:\n${cloned.output}`];
for (const block of cloned.code === 0 ? blocks : []) findings.push(...(await blockFindings(block)));
report(findings, `${blocks.length} blocks of commands of ${guides.join(" and ")} work in a fresh clone`);

async function blockFindings({ place, code }) {
  if (code === served) return serveFindings(place);
  const result = await execute("bash", ["-euo", "pipefail", "-c", code], { cwd: clone, env });
  return result.code === 0 ? [] : [`${place}: "${code}" ends with code ${result.code}:\n${result.output}`];
}

/** Starts the demo, waits for the address that it prints, and asks for its page. */
async function serveFindings(place) {
  const [program, ...parameters] = served.split(" ");
  const child = spawn(program, parameters, { cwd: clone, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const address = await new Promise((resolve) => {
    const read = (chunk) => {
      output += chunk;
      const found = /https?:\/\/localhost:\d+\S*/.exec(output);
      if (found !== null) resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => resolve(undefined));
    setTimeout(resolve, serveLimitMs).unref();
  });
  const page = address === undefined ? undefined : await fetch(address).catch(() => undefined);
  // The whole process group: npm, the script and the server.
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
  return page?.ok === true ? [] : [`${place}: "${served}" serves no page:\n${output}`];
}
