import { constants, setPriority } from "node:os";
import { environments, findEnvironment } from "@uphill/envs";
import type { Box, EnvironmentDefinition } from "@uphill/envs";
import { box2dEnvironments } from "@uphill/envs-box2d";
import { formatProgress } from "@uphill/training";
import { listenForInterrupt } from "@uphill/training/node";
import { findAlgorithm } from "../learning/algorithms.js";
import { findConfiguration } from "../learning/configurations.js";
import { learnFromBatch } from "../learning/learn-from-batch.js";
import { trainSeed } from "../learning/train-seed.js";

// Usage, by `fork`: node learn.js CONFIGURATION SEED FOLDER
// Trains one seed, sends lines of progress as strings and at the end its result. It keeps its work and ends when it is
// interrupted, or when the process that started it is gone.

const [, , name, seed, runs] = process.argv;
setPriority(constants.priority.PRIORITY_LOW);
const configuration = findConfiguration(name);
const interrupt = listenForInterrupt();
const orphaned = new AbortController();
process.once("disconnect", () => orphaned.abort());
const algorithm = findAlgorithm(configuration.algorithm);
const env = findEnvironment(configuration.environment, [...environments, ...box2dEnvironments]);
const signal = AbortSignal.any([interrupt.signal, orphaned.signal]);
const run = { configuration, seed: Number(seed), signal };
const result =
  "learn" in algorithm
    ? await learnFromBatch({ ...run, algorithm, env: env as EnvironmentDefinition<Box>, onProgress: tell })
    : await trainSeed({
        ...run,
        algorithm,
        env,
        runs,
        checkpointEveryMs: 10_000,
        onReport: throttled(1000, (report) => tell(formatProgress(report, configuration.steps))),
      });
interrupt.release();
if (result === undefined) process.exitCode = 130;
else tell(result);
if (process.connected) process.disconnect();

function tell(message: unknown): void {
  if (process.connected) process.send?.(message);
}

function throttled<T>(everyMs: number, action: (value: T) => void): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    action(value);
  };
}
