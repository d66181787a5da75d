// Usage: node scripts/check-addresses.mjs [--root FOLDER]
//
// The lockfile and every other file in git are free of download addresses: a clone installs from whatever
// registry its user has configured.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { report, rootFromArguments } from "./workspace.mjs";

const inLockfile = /tarball:|registry|git\+|resolution: .*https?:/;
const inAnyFile = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|_auth[T]oken|^\s*registry\s*=/i;

const root = rootFromArguments();
const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n").filter((path) => path !== "" && existsSync(join(root, path)));
const findings = files.flatMap((path) => {
  const pattern = path === "pnpm-lock.yaml" ? inLockfile : inAnyFile;
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  return lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : []));
});
report(findings, `${files.length} files hold no download address`);
