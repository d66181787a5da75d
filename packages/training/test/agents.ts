import type { Store } from "@uphill/autodiff";
import { box, discrete } from "@uphill/envs";
import type { Box, Discrete, Environment, Space } from "@uphill/envs";
import type { Agent, Report } from "../src/index.js";

/** Everything that an agent's store holds, as one list of numbers. */
export function weights(store: Store): number[] {
  return store.variables().flatMap((variable) => [...store.read(variable)]);
}

/** Trains, and gives all reports. */
export async function trained<A extends Space, R extends Report>(
  agent: Agent<A, R>,
  steps?: number,
  signal?: AbortSignal,
): Promise<R[]> {
  const reports: R[] = [];
  const options = { ...(steps !== undefined && { steps }), ...(signal && { signal }) };
  for await (const report of agent.train(options)) reports.push(report);
  return reports;
}

/** One state; action 1 earns 1, action 0 nothing; episodes of one step. */
export function bandit(reward: (action: number) => number = (action) => action): () => Environment<Discrete> {
  return () => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(2),
    reset: () => Float32Array.of(0),
    step: (action) => ({ observation: Float32Array.of(0), reward: reward(action), terminated: true, truncated: false }),
  });
}

/** One state; earns −(a − 0.7)², so that the best action is 0.7. */
export const target = continuousBandit((action) => -((action - 0.7) ** 2));

/** One state, one number to choose; episodes of one step. */
export function continuousBandit(reward: (action: number) => number): () => Environment<Box> {
  return () => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: box({ low: -1, high: 1, shape: [1] }),
    reset: () => Float32Array.of(0),
    step: ([action]) => ({ observation: Float32Array.of(0), reward: reward(action), terminated: true, truncated: false }),
  });
}
