import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const text = (path: string): string => readFileSync(root + path, "utf8");

/** The rows of the tables in a text, cell by cell, headings included. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("| "));
  return lines.map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
}

/** The section of a package's README that has its results, and the one on an ablation, where there is one. */
function resultsOf(name: string): readonly string[] {
  return text(`packages/${name}/README.md`).split("\n## Results\n")[1].split("\n## ")[0].split("\n### ");
}

/** Medians by environment, algorithm and steps, as the page has them. */
const medians = new Map(rowsOf(text("benchmarks/learning/results.md")).map(([env, algorithm, steps, , median]) => [`${env} ${algorithm} ${steps}`, median]));

test.each(["pg-algorithms", "actor-critic"])("the README of %s quotes medians as the results page has them", (name) => {
  const rows = rowsOf(resultsOf(name)[0]).slice(1);
  expect(rows.length).toBeGreaterThan(5);
  for (const [env, algorithm, steps, median] of rows) {
    expect(median, `${algorithm} on ${env}: not what learning/results.md says`).toBe(medians.get(`${env} ${algorithm} ${steps}`));
  }
});

test("the README of pg-algorithms quotes the ablation as the results page has it", () => {
  const [heading, ...rows] = rowsOf(resultsOf("pg-algorithms")[1]);
  expect(rows).toHaveLength(12);
  for (const [algorithm, ...cells] of rows) {
    const said = cells.map((_, k) => medians.get(`${heading[k + 1]} ${algorithm} 100,000`));
    expect(cells, `${algorithm}: not what learning/results.md says`).toEqual(said);
  }
});
