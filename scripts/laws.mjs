// Usage: node scripts/laws.mjs [--runs N] [PACKAGE…]
//
// Runs the tests of each package, or of those named (core-math, estimators, …), with the properties at N
// runs each, 10,000 where it is not given, and writes what came of it to benchmarks/laws.md, a row as soon
// as a package is done. It takes an hour or more for all. FAST_CHECK_SEED=… tries another seed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { temporaryFolder } from "./consumer.mjs";
import { lawRow, pageWith } from "./laws-table.mjs";
import { report, repositoryRoot, workspacePackages } from "./workspace.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: "string", default: "10000" } } });
const runs = Number(values.runs);
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error(`--runs: expected an integer ≥ 1, got ${values.runs}`);
const tested = workspacePackages(repositoryRoot).filter(({ folder }) => existsSync(join(folder, "vitest.config.ts")));
const unknown = positionals.filter((name) => !tested.some(({ path }) => basename(path) === name));
if (unknown.length > 0) throw new Error(`PACKAGE: expected names of packages with tests, got ${unknown.join(", ")}`);

const page = join(repositoryRoot, "benchmarks/laws.md");
const records = temporaryFolder("laws");
const findings = [];
const seed = process.env.FAST_CHECK_SEED ?? "20260101";
let properties = 0;

for (const { path, name } of tested) {
  const project = basename(path);
  if (positionals.length > 0 && !positionals.includes(project)) continue;
  const { checked, passed, minutes } = checkLaws(project);
  const failed = checked.filter((one) => !one.passed);
  properties += checked.length;
  findings.push(...failed.map(({ law }) => `${name}: ${law}`));
  const crashed = !passed && failed.length === 0;
  if (crashed) findings.push(`${name}: its tests fail, though no property does`);
  const run = { name, runs, minutes, seed, node: process.version, date: new Date().toISOString().slice(0, 10), crashed };
  const before = existsSync(page) ? readFileSync(page, "utf8") : "";
  if (checked.length > 0 || crashed) writeFileSync(page, pageWith(before, lawRow(checked, run)));
}
report(findings, `${properties} properties hold at ${runs} runs each, or their share of it`);

/** Runs a package's tests; what each property came to, whether all passed, and how long it took. */
function checkLaws(project) {
  const record = join(records, `${project}.jsonl`);
  const start = Date.now();
  const { status } = spawnSync("vitest", ["run", "--project", project, "--reporter=default"], {
    cwd: repositoryRoot,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, FAST_CHECK_RUNS: String(runs), FAST_CHECK_RECORD: record },
  });
  const lines = existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : [];
  return { checked: lines.map((line) => JSON.parse(line)), passed: status === 0, minutes: (Date.now() - start) / 60_000 };
}
