import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { scaledRuns } from "../vitest.laws.js";
import { lawRow, pageWith } from "./laws-table.mjs";
import { folderWith, runScript } from "./testing.mjs";
import { repositoryRoot } from "./workspace.mjs";

const run = { name: "@uphill/raffle", runs: 10_000, minutes: 1.26, seed: "7", node: "v22.1.0", date: "2026-02-03", crashed: false };

test("properties keep their proportion to a hundred runs, and at least one", () => {
  expect(scaledRuns(undefined, 10_000)).toBe(10_000);
  expect(scaledRuns(20, 10_000)).toBe(2_000);
  expect(scaledRuns(400, 10_000)).toBe(40_000);
  expect(scaledRuns(3, 10)).toBe(1);
});

test("a row counts properties, runs and failures", () => {
  const checked = [
    { law: "a", runs: 10_000, passed: true },
    { law: "b", runs: 2_000, passed: false },
    { law: "c", runs: 40_000, passed: true },
  ];
  const start = ["`@uphill/raffle`", "3", "10,000; 2 with 2,000 to 40,000", "52,000"];
  expect(lawRow(checked, run)).toEqual([...start, "1", "1.3", "7", "v22.1.0", "2026-02-03"]);
  expect(lawRow(checked, { ...run, crashed: true })[4]).toBe("2");
  expect(lawRow(checked.slice(0, 1), run)[2]).toBe("10,000");
  expect(lawRow(checked.slice(0, 2), run)[2]).toBe("10,000; 1 with 2,000");
});

test("the page keeps one row a package, by name", () => {
  const rowOf = (name, failures) => lawRow([{ law: "a", runs: 10_000, passed: failures === 0 }], { ...run, name });
  const first = pageWith("", rowOf("@uphill/raffle", 1));
  const second = pageWith(first, rowOf("@uphill/lottery", 0));
  const third = pageWith(second, rowOf("@uphill/raffle", 0));
  const rows = third.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toEqual([
    "| `@uphill/lottery` | 1 | 10,000 | 10,000 | 0 | 1.3 | 7 | v22.1.0 | 2026-02-03 |",
    "| `@uphill/raffle` | 1 | 10,000 | 10,000 | 0 | 1.3 | 7 | v22.1.0 | 2026-02-03 |",
  ]);
  expect(third.replaceAll("lottery", "raffle").split("\n").length).toBe(first.split("\n").length + 1);
});

test("a package's properties run as often as FAST_CHECK_RUNS says, and are written down", () => {
  const record = join(folderWith({}, onTestFinished), "record.jsonl");
  const { status } = spawnSync(
    process.execPath,
    [join(repositoryRoot, "node_modules/vitest/vitest.mjs"), "run", "--project=core-math", "--reporter=dot", "backtracking-line-search"],
    { cwd: repositoryRoot, env: { ...process.env, FAST_CHECK_RUNS: "250", FAST_CHECK_RECORD: record } },
  );
  expect(status).toBe(0);
  const checked = readFileSync(record, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  expect(checked.length).toBe(2);
  for (const property of checked) expect(property).toMatchObject({ runs: 250, passed: true });
});

test.each([
  [["--runs", "0"], "--runs: expected an integer ≥ 1, got 0"],
  [["raffle"], "PACKAGE: expected names of packages with tests, got raffle"],
])("arguments %o are refused", (parameters, message) => {
  const { code, output } = runScript("laws.mjs", parameters);
  expect(code).toBe(1);
  expect(output).toContain(message);
});
