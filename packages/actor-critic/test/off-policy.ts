import { box } from "@uphill/envs";
import type { Box, Environment, EnvironmentDefinition } from "@uphill/envs";
import type { OffPolicySettings } from "../src/index.js";

/** Options of a training that takes a moment. */
export const smallOffPolicy: OffPolicySettings = {
  environments: 4,
  stepsPerReport: 64,
  batchSize: 16,
  warmUpSteps: 32,
  updatesPerStep: 0.25,
  bufferCapacity: 300,
  hiddenWidths: [8],
};

/** One state, the same reward for each step; every episode ends after one step, in one way or the other. */
export function paid(ends: "terminates" | "is truncated", reward = 1): EnvironmentDefinition<Box> {
  const ending = { terminated: ends === "terminates", truncated: ends === "is truncated" };
  const make = (): Environment<Box> => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: box({ low: -1, high: 1, shape: [1] }),
    reset: () => Float32Array.of(0),
    step: () => ({ observation: Float32Array.of(0), reward, ...ending }),
  });
  return { id: "Paid-v0", make };
}
