import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UphillError } from "@uphill/core-math";
import type { EnvironmentSource, JsonValue } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import type { Agent, Algorithm, Metrics, Report } from "@uphill/training";
import { RunFolder } from "@uphill/training/node";
import { givenOptions } from "./configuration.js";
import type { Configuration } from "./configuration.js";
import { curvePoints, decisiveParts } from "./results-file.js";
import type { SeedResult } from "./results-file.js";

/** Training environments start from seeds below 2³²; no choice of settings has seen the episodes that start from these. */
export const EVALUATION = { seed: 2 ** 40, episodes: 100 } as const;

/** One seed of a configuration, and where its unfinished work is. */
export interface SeedRun {
  readonly configuration: Configuration;
  readonly algorithm: Algorithm;
  readonly env: EnvironmentSource;
  readonly seed: number;
  /** Folder of unfinished runs. */
  readonly runs: string;
  /** The least time between two checkpoints, in ms. */
  readonly checkpointEveryMs: number;
  readonly signal: AbortSignal;
  readonly onReport: (report: Report) => void;
}

/** The folder of a seed's unfinished work. */
export function seedFolder(runs: string, { name }: Configuration, seed: number): string {
  return join(runs, `${name}-seed${seed}`);
}

/**
 * Trains one seed from where its folder left off, to the same bits as if it never had been stopped, and evaluates it.
 *
 * @returns How it went; undefined where the signal ended it, with the work so far kept.
 */
export async function trainSeed(run: SeedRun): Promise<SeedResult | undefined> {
  const { configuration, seed, env, signal } = run;
  const { folder, agent } = await openOrStart(run);
  try {
    const elapsedMs = await train(run, folder, agent);
    if (signal.aborted) return undefined;
    const evaluation = await evaluatePolicy(agent.policy, env, EVALUATION);
    const metrics = await folder.metrics();
    return {
      seed,
      meanReturn: rounded(evaluation.meanReturn),
      standardDeviation: rounded(evaluation.standardDeviation),
      curve: learningCurve(metrics, configuration.steps),
      seconds: Math.ceil(elapsedMs ?? Number(metrics.at(-1)?.["elapsedMs"])) / 1000,
      node: process.version,
    };
  } finally {
    agent.close();
  }
}

/** Trains to the end of the budget; returns the time that it took so far, in ms, where there was anything left. */
async function train({ configuration, checkpointEveryMs, signal, onReport }: SeedRun, folder: RunFolder, agent: Agent) {
  let savedAt = performance.now();
  let elapsedMs: number | undefined;
  if (agent.steps > 0 && agent.steps >= agent.targetSteps) return elapsedMs;
  const budget = agent.steps === 0 ? { steps: configuration.steps } : {};
  try {
    for await (const report of agent.train({ ...budget, signal })) {
      elapsedMs = report.elapsedMs;
      await folder.appendMetrics(report);
      onReport(report);
      if (performance.now() - savedAt < checkpointEveryMs) continue;
      await folder.saveCheckpoint(agent.checkpoint());
      savedAt = performance.now();
    }
  } finally {
    if (agent.steps > 0) await folder.saveCheckpoint(agent.checkpoint());
  }
  return elapsedMs;
}

/** The run of the folder where it is of the same settings and whole; else a new one in its place. */
async function openOrStart(run: SeedRun): Promise<{ readonly folder: RunFolder; readonly agent: Agent }> {
  const { configuration, algorithm, env, seed, runs } = run;
  const path = seedFolder(runs, configuration, seed);
  const config: JsonValue = { configuration: decisiveParts(configuration), seed };
  try {
    const folder = await RunFolder.open(path);
    if (isDeepStrictEqual(folder.config, config) && (await folder.hasCheckpoint())) {
      const agent = algorithm.resume(await folder.loadCheckpoint(), env);
      await folder.rewind(agent.steps);
      return { folder, agent };
    }
  } catch (error) {
    // No folder, or a damaged one: the seed begins anew.
    if (!(error instanceof UphillError)) throw error;
  }
  const agent = algorithm.create(env, givenOptions(configuration, algorithm), seed);
  return { folder: await RunFolder.create(path, config, { overwrite: true }), agent };
}

/** Mean returns of training, thinned to the same steps for every seed. */
export function learningCurve(metrics: readonly Metrics[], steps: number): (number | null)[] {
  return Array.from({ length: curvePoints }, (_, point) => {
    const line = metrics.findLast((one) => one.steps <= ((point + 1) * steps) / curvePoints);
    const meanReturn = line?.["meanReturn"];
    return typeof meanReturn === "number" ? rounded(meanReturn) : null;
  });
}

/** Six digits: more than a learning curve has to say. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
