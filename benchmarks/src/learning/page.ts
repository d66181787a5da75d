import { quantile } from "../harness/statistics.js";
import { chartSvg } from "./chart.js";
import { curveLength, families } from "./configuration.js";
import type { Configuration, Family } from "./configuration.js";
import type { Results } from "./results-file.js";
import { medianReturn, spreadCurve } from "./summary.js";

/** A configuration with what is known of it. */
export interface Outcome {
  readonly configuration: Configuration;
  readonly results: Results;
}

const titles: Readonly<Record<Family, string>> = {
  "on-policy": "On-policy",
  "off-policy": "Off-policy",
  batch: "From stored transitions",
  ablation: "Ablation of PPO",
};

const preamble = `# Learning

Written by \`npm run learning\` from the files in \`results/\`; nothing here is written by hand.

A row is a configuration: an algorithm with its preset for the environment, or with the options that the configuration names. Seeds 1 to 5 are trained, each for the whole budget. What counts is the policy at the end, not the best on the way: its mode plays 100 episodes from start states that are the same for every row, and that no setting was chosen by. The median of the seeds is compared with what is asked. Curves are the mean return of training's last 100 episodes, exploration included: a line for the median of the seeds, a band between the quartiles, dashed what is asked.

What learns from stored transitions takes all its steps by uniformly random actions, before it learns. Its curves are the mean return of 10 episodes of the policy so far, over the iterations.
`;

/** The files of the results page, by their path under the folder: the page itself and its charts. */
export function pageFiles(outcomes: readonly Outcome[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const parts = [preamble];
  for (const family of families) {
    const ofFamily = outcomes.filter(({ configuration }) => configuration.family === family);
    if (ofFamily.length === 0) continue;
    parts.push(`## ${titles[family]}\n`, table(ofFamily));
    for (const environment of new Set(ofFamily.map(({ configuration }) => configuration.environment))) {
      const shown = ofFamily.filter(
        ({ configuration, results }) => configuration.environment === environment && results.seeds.length > 0,
      );
      if (shown.length === 0) continue;
      const path = `curves/${family}-${environment}.svg`;
      files.set(path, environmentChart(family, environment, shown));
      parts.push(`![Learning curves on ${environment}](${path})\n`);
    }
    parts.push(...notes(ofFamily));
  }
  files.set("results.md", parts.join("\n"));
  return files;
}

function table(outcomes: readonly Outcome[]): string {
  const head = [
    "| environment | algorithm | steps | asked | median | of the seeds | reached | seconds a seed |",
    "|---|---|---:|---:|---:|---|---|---:|",
  ];
  return `${[...head, ...outcomes.map(row)].join("\n")}\n`;
}

function row({ configuration, results: { seeds } }: Outcome): string {
  const { environment, steps, goal } = configuration;
  const median = seeds.length === 0 ? NaN : medianReturn(seeds);
  const cells = [
    environment,
    labelOf(configuration),
    grouped(steps),
    goal === null ? "–" : number(goal),
    seeds.length === 0 ? "–" : number(median),
    seeds.map(({ meanReturn }) => number(meanReturn)).join(", ") || "not run",
    reached(seeds.length, median, goal),
    seeds.length === 0
      ? "–"
      : quantile(
          seeds.map(({ seconds }) => seconds),
          0.5,
        ).toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Seeds that a result goes by. */
const SEEDS = 5;

function reached(seeds: number, median: number, goal: number | null): string {
  if (goal === null || seeds === 0) return "–";
  const answer = median >= goal ? "yes" : `no, by ${number(goal - median)}`;
  return seeds < SEEDS ? `${answer}, so far` : answer;
}

function environmentChart(family: Family, environment: string, outcomes: readonly Outcome[]): string {
  const goals = outcomes.map(({ configuration }) => configuration.goal).filter((goal) => goal !== null);
  return chartSvg({
    title: environment,
    axis: family === "batch" ? "iterations" : "environment steps",
    goal: goals.length === 0 ? null : Math.max(...goals),
    lines: outcomes.map(({ configuration, results }) => ({
      label: labelOf(configuration),
      points: spreadCurve(results.seeds, curveLength(configuration)),
    })),
  });
}

function notes(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ configuration }) => {
    const { environment, note } = configuration;
    return note === undefined ? [] : [`**${labelOf(configuration)} on ${environment}.** ${note}\n`];
  });
}

function labelOf({ algorithm, variant }: Configuration): string {
  return variant === undefined ? algorithm : `${algorithm}, ${variant}`;
}

function number(value: number): string {
  return (Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(1)).replace("-", "−").replace(/\.0$/u, "");
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
}
