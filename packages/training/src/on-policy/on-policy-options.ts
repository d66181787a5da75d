import { defineOptions } from "../options/define.js";
import type { OptionsAgree, OptionsOf } from "../options/schema.js";
import type { OnPolicySettings } from "./on-policy-settings.js";

/** Options of every algorithm that learns from rollouts. Defaults are those of Stable-Baselines3 2.9. */
export const onPolicyOptions = defineOptions({
  environments: {
    kind: "integer",
    default: 1,
    range: { least: 1, most: 65_536 },
    meaning: "environments stepped together",
  },
  rolloutSteps: {
    kind: "integer",
    default: 2048,
    range: { least: 1, most: 1_048_576 },
    unit: "steps",
    meaning: "steps of each environment in a rollout",
  },
  gamma: {
    kind: "number",
    default: 0.99,
    range: { least: 0, most: 1 },
    meaning: "discount of future rewards",
  },
  lambda: {
    kind: "number",
    default: 0.95,
    range: { least: 0, most: 1 },
    meaning: "lambda of generalised advantage estimation",
  },
  hiddenWidths: {
    kind: "integers",
    default: [64, 64],
    range: { least: 1, most: 2048 },
    meaning: "widths of the hidden layers",
  },
  activation: {
    kind: "choice",
    default: "tanh",
    choices: ["tanh", "relu", "sigmoid", "softplus", "elu", "gelu", "identity"],
    meaning: "what follows each hidden layer",
  },
  initialWeights: {
    kind: "choice",
    default: "orthogonal",
    choices: ["orthogonal", "lecunUniform"],
    meaning: "how weights start: orthogonal with a small last layer, or uniform of variance 1 / inputs",
  },
  initialLogStandardDeviation: {
    kind: "number",
    default: 0,
    range: { least: -20, most: 2 },
    meaning: "log standard deviation that continuous actions start from",
  },
  stateDependentNoise: {
    kind: "boolean",
    default: false,
    meaning: "explore by noise that is a smooth function of the state (gSDE)",
  },
  noiseResampleSteps: {
    kind: "integer",
    default: null,
    nullable: true,
    range: { least: 1 },
    unit: "steps",
    meaning: "steps for which state-dependent noise is kept; none for a whole rollout",
  },
  maskActions: {
    kind: "boolean",
    default: false,
    meaning: "read the mask of allowed actions at the end of observations",
  },
  normalizeObservations: {
    kind: "boolean",
    default: false,
    meaning: "normalise observations by their running mean and spread",
  },
  normalizeRewards: {
    kind: "boolean",
    default: false,
    meaning: "scale rewards by the spread of the discounted return",
  },
  deterministic: {
    kind: "boolean",
    default: false,
    meaning: "give the same bits in every engine and on every machine, at some speed",
  },
});
true satisfies OptionsAgree<OnPolicySettings, typeof onPolicyOptions>;

/** They, all of them present. */
export type OnPolicyOptions = OptionsOf<typeof onPolicyOptions>;

/** Options of advantages over a whole rollout, and of the regression of the value function. */
export const valueFitOptions = defineOptions({
  normalizeAdvantages: {
    kind: "boolean",
    default: true,
    meaning: "normalise advantages over the rollout",
  },
  valueLearningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam for the value function",
  },
  valueEpochs: {
    kind: "integer",
    default: 10,
    range: { least: 1 },
    meaning: "passes of the value function over each rollout",
  },
  valueMinibatchSize: {
    kind: "integer",
    default: 128,
    range: { least: 1 },
    unit: "steps",
    meaning: "steps in a minibatch of the value function",
  },
});
