import { defineOptions, onPolicyOptions } from "@uphill/training";
import type { OptionsAgree } from "@uphill/training";
import type { EpochSettings } from "../epoch-settings.js";

/** Options of algorithms that take Adam steps on one loss. Defaults are those of Stable-Baselines3 2.9's PPO. */
export const epochOptions = defineOptions({
  ...onPolicyOptions,
  minibatchSize: {
    kind: "integer",
    default: 64,
    range: { least: 1 },
    unit: "steps",
    meaning: "steps in a minibatch",
  },
  epochs: {
    kind: "integer",
    default: 10,
    range: { least: 1 },
    meaning: "passes over each rollout",
  },
  learningRate: {
    kind: "schedule",
    default: 3e-4,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam",
  },
  normalizeAdvantages: {
    kind: "boolean",
    default: true,
    meaning: "normalise advantages within each minibatch",
  },
  entropyWeight: {
    kind: "number",
    default: 0,
    range: { least: 0 },
    meaning: "weight of the entropy in the loss",
  },
  valueWeight: {
    kind: "number",
    default: 0.5,
    range: { least: 0 },
    meaning: "weight of the value loss",
  },
  maxGradientNorm: {
    kind: "number",
    default: 0.5,
    range: { above: 0 },
    meaning: "bound on the gradients' global norm",
  },
});
true satisfies OptionsAgree<EpochSettings, typeof epochOptions>;
