import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chartSvg } from "./chart.js";
import { findConfiguration } from "./configurations.js";
import { pageFiles } from "./page.js";
import { curvePoints, decisiveParts, parseResults } from "./results-file.js";
import type { SeedResult } from "./results-file.js";
import { spreadCurve } from "./summary.js";
import { readOutcomes } from "./write-page.js";

const folder = fileURLToPath(new URL("../../learning/", import.meta.url));

function seeds(...returns: number[]): SeedResult[] {
  return returns.map((meanReturn, i) => {
    const curve = Array.from({ length: curvePoints }, (_, point) => (point < i ? null : meanReturn * point));
    return { seed: i + 1, meanReturn, standardDeviation: 0, curve, seconds: 2 + i, node: "v20.0.0" };
  });
}

describe("the results page", () => {
  test("says of each configuration what was asked and what the median of its seeds reached", () => {
    const of = (name: string, results: SeedResult[]) => {
      const configuration = findConfiguration(name);
      return { configuration, results: { configuration: decisiveParts(configuration), seeds: results } };
    };
    const page = pageFiles([
      of("ppo-CartPole-v1", seeds(500, 450, 480, 490, 470)),
      of("trpo-CartPole-v1", seeds(500, 300, 470)),
      of("ppo-Pendulum-v1", []),
    ]);
    const text = page.get("results.md");
    expect(text).toContain("| CartPole-v1 | ppo | 100,000 | 475 | 480 | 500, 450, 480, 490, 470 | yes | 4 |");
    expect(text).toContain("| CartPole-v1 | trpo | 100,000 | 475 | 470 | 500, 300, 470 | no, by 5, so far | 3 |");
    expect(text).toContain("| Pendulum-v1 | ppo | 100,000 | −180 | – | not run | – | – |");
    expect([...page.keys()]).toEqual(["curves/on-policy-CartPole-v1.svg", "results.md"]);
  });

  test("is what the files of results give", async () => {
    const files = pageFiles(await readOutcomes(folder));
    for (const [path, content] of files) {
      const written = existsSync(folder + path) ? readFileSync(folder + path, "utf8") : "";
      expect(written === content, `${path}: not what results/ gives; npm run learning -- --page writes it`).toBe(true);
    }
    const charts = readdirSync(`${folder}curves`).map((name) => `curves/${name}`);
    expect(charts.filter((path) => !files.has(path))).toEqual([]);
  });

  test.each(readdirSync(`${folder}results`))("has results/%s for a configuration that there is, as it is", (name) => {
    const { configuration } = parseResults(name, readFileSync(`${folder}results/${name}`, "utf8"));
    const asked = decisiveParts(findConfiguration(name.replace(/\.json$/u, "")));
    expect(configuration, `results/${name}: of other settings than its configuration; run it again`).toEqual(asked);
  });
});

test("a curve over seeds has their quartiles, from where all have one", () => {
  const curve = spreadCurve(seeds(1, 2, 3, 4, 5), 500);
  expect(curve).toHaveLength(curvePoints - 4);
  expect(curve[0]).toEqual({ steps: 50, lower: 8, median: 12, upper: 16 });
});

test("a chart draws a band and a line for each of its lines, within its frame", () => {
  const points = [0, 1, 2].map((k) => ({ steps: 100 * k, lower: k - 1, median: k, upper: k + 1 }));
  const svg = chartSvg({ title: "Hill", axis: "steps", goal: 5, lines: [{ label: "up", points }, { label: "down", points }] });
  expect(svg.match(/<polygon /gu)).toHaveLength(2);
  expect(svg.match(/<polyline /gu)).toHaveLength(2);
  const [, first] = /<polyline points="([^"]*)"/u.exec(svg)!;
  expect(first).toBe("56.0,272.0 268.0,224.0 480.0,176.0");
  expect(svg).toContain("stroke-dasharray");
});
