// Helpers for the tests of these scripts: a throwaway folder of files, and a script run on it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryRoot } from "./workspace.mjs";

/** Writes files (path → content; objects as JSON) into a new folder, which is removed after the test. */
export function folderWith(files, onTestFinished) {
  const folder = mkdtempSync(join(tmpdir(), "uphill-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

/** Runs a script of this folder: `{ code, output }`, standard output and error together. */
export function runScript(name, parameters, options = {}) {
  const file = join(repositoryRoot, "scripts", name);
  const result = spawnSync(process.execPath, [file, ...parameters], { encoding: "utf8", ...options });
  return { code: result.status, output: result.stdout + result.stderr };
}
