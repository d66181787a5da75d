import { Random } from "@uphill/core-math";
import { makeVectorEnvironment } from "@uphill/envs";
import type { Box, EnvironmentSource } from "@uphill/envs";
import { playEpisodes, ReplayBuffer } from "@uphill/training";
import type { Actor } from "@uphill/training";
import type { BatchAlgorithm } from "./batch-algorithms.js";
import { curveLength, givenOptions } from "./configuration.js";
import type { Configuration } from "./configuration.js";
import { curvePoints } from "./results-file.js";
import type { SeedResult } from "./results-file.js";
import { EVALUATION, rounded } from "./train-seed.js";

/** One seed of a configuration that learns from stored transitions. */
export interface BatchRun {
  readonly configuration: Configuration;
  readonly algorithm: BatchAlgorithm;
  readonly env: EnvironmentSource<Box>;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** Episodes behind each point of a learning curve. */
const EPISODES = 10;

/**
 * Stores as many transitions of random actions as the configuration has steps, learns from them, and evaluates. A seed
 * that is interrupted begins anew.
 *
 * @returns How it went; undefined where the signal ended it.
 */
export async function learnFromBatch(run: BatchRun): Promise<SeedResult | undefined> {
  const { configuration, algorithm, env, seed, signal, onProgress } = run;
  const options = givenOptions(configuration, algorithm);
  const iterations = curveLength(configuration);
  const random = new Random(seed);
  const transitions = randomTransitions(env, configuration.steps, random.split("transitions"));
  const curve: (number | null)[] = [];
  let [started, learningMs] = [performance.now(), 0];
  let last: Actor<Box> | undefined;
  const onIteration = async (iteration: number, actor: Actor<Box>): Promise<void> => {
    learningMs += performance.now() - started;
    last = actor;
    while ((curve.length + 1) * iterations <= iteration * curvePoints) {
      const { meanReturn } = await playEpisodes(actor, env, { episodes: EPISODES, seed: 1000 * seed, signal });
      curve.push(rounded(meanReturn));
      onProgress(`${iteration} of ${iterations} iterations, return ${meanReturn.toFixed(1)}`);
    }
    started = performance.now();
  };
  try {
    await algorithm.learn({ transitions, options, seed, signal, onIteration });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  const evaluation = await playEpisodes(last!, env, EVALUATION);
  return {
    seed,
    meanReturn: rounded(evaluation.meanReturn),
    standardDeviation: rounded(evaluation.standardDeviation),
    curve,
    seconds: Math.ceil(learningMs) / 1000,
    node: process.version,
  };
}

/** Transitions of episodes of uniformly random actions. */
export function randomTransitions(env: EnvironmentSource<Box>, count: number, random: Random): ReplayBuffer<Box> {
  const environment = makeVectorEnvironment(env, 1);
  const transitions = new ReplayBuffer(environment, { capacity: count });
  environment.reset({ seed: random.integer(2 ** 32) });
  while (transitions.size < count) {
    const actions = environment.actionSpace.sample(random);
    transitions.recordDecisions({ observations: environment.observations, actions });
    environment.step(actions);
    transitions.recordOutcomes(environment);
  }
  environment.close();
  return transitions;
}
