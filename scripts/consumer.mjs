// A folder outside the workspace, as a user of the published packages has it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = [];
const children = new Set();
process.on("exit", () => {
  for (const child of children) child.kill();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** A new folder, removed when this process ends, however it ends. */
export function temporaryFolder(label) {
  const folder = mkdtempSync(join(tmpdir(), `uphill-${label}-`));
  folders.push(folder);
  return folder;
}

/** Runs a program without a shell and without input: `{ code, stdout, output }`, `output` with standard error. */
export function execute(program, parameters, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    children.add(child);
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk) => ((stdout += chunk), (output += chunk)));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 1, stdout, output: error.message }));
    child.on("close", (code, signal) => {
      children.delete(child);
      resolve({ code: code ?? 1, stdout, output: signal ? `${output}(ended by ${signal})` : output });
    });
  });
}

/** Runs `task` on every item, two at a time, and gives the results in order. */
export async function twoAtATime(items, task) {
  const results = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await task(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
