// Usage: node scripts/count-tests.mjs FILE [--root FOLDER]
//
// Adds up the results that vitest left as .results/FILE in each package that has such tests, and prints
// "PASSED FAILED SKIPPED". A package without results, a test file that could not be loaded and an error
// outside of any test each count as one failure.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootFromArguments, workspacePackages } from "./workspace.mjs";

const [file] = process.argv.slice(2);
const script = { "vitest.json": "test", "browser.json": "test:browser" }[file];
if (script === undefined) throw new Error(`FILE: expected vitest.json or browser.json, got ${file}`);

const root = rootFromArguments();
const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const runs = workspacePackages(root)
  .filter((one) => one.manifest.scripts?.[script] !== undefined)
  .map((one) => ({ name: one.name, folder: one.folder }));
if (script === "test" && rootManifest.scripts?.["test:scripts"] !== undefined) runs.push({ name: "scripts", folder: root });

const totals = runs.map(countRun);
const sum = (key) => totals.reduce((total, one) => total + one[key], 0);
process.stdout.write(`${sum("passed")} ${sum("failed")} ${sum("skipped")}\n`);

function countRun({ name, folder }) {
  const path = join(folder, ".results", file);
  if (!existsSync(path)) {
    process.stderr.write(`${name}: no test results\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const results = JSON.parse(readFileSync(path, "utf8"));
  const unloaded = results.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = results.numFailedTests + unloaded.length;
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && !results.success ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
