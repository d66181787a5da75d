import { defineOptions, onPolicyOptions } from "@uphill/training";
import type { OptionsOf } from "@uphill/training";
import { explorationNoiseOptions } from "./exploration-noise.js";

/** Options of every algorithm that learns from a replay buffer as it acts. Defaults are those of Stable-Baselines3 2.9. */
export const offPolicyOptions = defineOptions({
  environments: onPolicyOptions.environments,
  stepsPerReport: {
    kind: "integer",
    default: 500,
    range: { least: 1, most: 1_048_576 },
    unit: "steps",
    meaning: "environment steps between reports",
  },
  bufferCapacity: {
    kind: "integer",
    default: 1_000_000,
    range: { least: 1, most: 100_000_000 },
    unit: "transitions",
    meaning: "transitions that the replay buffer holds",
  },
  warmUpSteps: {
    kind: "integer",
    default: 100,
    range: { least: 0 },
    unit: "steps",
    meaning: "environment steps of random actions before updates begin",
  },
  updateInterval: {
    kind: "integer",
    default: 1,
    range: { least: 1 },
    unit: "steps",
    meaning: "environment steps from one round of updates to the next",
  },
  updatesPerStep: {
    kind: "number",
    default: 1,
    range: { above: 0, most: 1000 },
    meaning: "updates for each environment step",
  },
  batchSize: {
    kind: "integer",
    default: 256,
    range: { least: 1, most: 1_048_576 },
    unit: "transitions",
    meaning: "transitions in the batch of an update",
  },
  priorityExponent: {
    kind: "number",
    default: 0,
    range: { least: 0, most: 1 },
    meaning: "how much transitions with larger errors are drawn more often; 0 draws all alike",
  },
  importanceExponent: {
    kind: "schedule",
    default: { linear: [0.4, 1] },
    range: { least: 0, most: 1 },
    meaning: "how much of the bias of such draws is weighted away",
  },
  gamma: onPolicyOptions.gamma,
  returnSteps: {
    kind: "integer",
    default: 1,
    range: { least: 1, most: 1000 },
    unit: "steps",
    meaning: "rewards in a target before it bootstraps",
  },
  targetRate: {
    kind: "number",
    default: 0.005,
    range: { above: 0, most: 1 },
    meaning: "how far target networks move to the networks at a time; 1 copies",
  },
  hiddenWidths: { ...onPolicyOptions.hiddenWidths, default: [256, 256] },
  activation: { ...onPolicyOptions.activation, default: "relu" },
  normalizeObservations: onPolicyOptions.normalizeObservations,
  normalizeRewards: onPolicyOptions.normalizeRewards,
  deterministic: onPolicyOptions.deterministic,
});

/** Options of DDPG and TD3, whose policies are deterministic: those above, and how they explore. */
export const deterministicPolicyOptions = defineOptions({
  ...offPolicyOptions,
  hiddenWidths: { ...offPolicyOptions.hiddenWidths, default: [400, 300] },
  learningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam, for critics and policy",
  },
  ...explorationNoiseOptions,
});

/** How often target networks move, where no delay of the policy says so. */
export const targetIntervalOption = defineOptions({
  targetInterval: {
    kind: "integer",
    default: 1,
    range: { least: 1 },
    unit: "updates",
    meaning: "updates from one move of the target networks to the next",
  },
});

/** They, all of them present. */
export type OffPolicyOptions = OptionsOf<typeof offPolicyOptions>;
