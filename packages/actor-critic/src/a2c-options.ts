import type { EnvironmentSource, Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions } from "@uphill/training";
import type { OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";

/** How A2C learns. Ranges are in {@link a2cOptions}. */
export interface A2cSettings extends OnPolicySettings {
  /** T, steps of each environment in a rollout. Default 5. */
  readonly rolloutSteps?: number;
  /** λ of generalised advantage estimation; 1 is the n-step return of the paper. Default 1. */
  readonly lambda?: number;
  /** RMSprop's step size. Default 7e-4. */
  readonly learningRate?: Schedule;
  /** Whether advantages are normalised within each rollout. Default false. */
  readonly normalizeAdvantages?: boolean;
  /** c₂, weight of the entropy. Default 0. */
  readonly entropyWeight?: number;
  /** c₁, weight of the value loss. Default 0.5. */
  readonly valueWeight?: number;
  /** Bound on the gradients' global norm. Default 0.5. */
  readonly maxGradientNorm?: number;
  /** Rollouts, an update each, between reports. Default 100. */
  readonly updatesPerReport?: number;
}

/** What {@link a2c} takes. */
export interface A2cOptions<A extends Space = Space> extends A2cSettings {
  /** The problem: an environment definition, or a function that makes an environment. */
  readonly env: EnvironmentSource<A>;
  /** Fixes the whole run: weights, environments and actions. A non-negative integer; default 0. */
  readonly seed?: number;
}

/** A2C's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9. */
export const a2cOptions = defineOptions({
  ...onPolicyOptions,
  rolloutSteps: { ...onPolicyOptions.rolloutSteps, default: 5 },
  lambda: { ...onPolicyOptions.lambda, default: 1 },
  learningRate: {
    kind: "schedule",
    default: 7e-4,
    range: { least: 0, most: 1 },
    meaning: "step size of RMSprop",
  },
  normalizeAdvantages: {
    kind: "boolean",
    default: false,
    meaning: "normalise advantages within each rollout",
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
  updatesPerReport: {
    kind: "integer",
    default: 100,
    range: { least: 1 },
    unit: "updates",
    meaning: "updates between reports",
  },
});
true satisfies OptionsAgree<A2cSettings, typeof a2cOptions>;

/** A2C's options, all of them present. */
export type A2cResolvedOptions = OptionsOf<typeof a2cOptions>;

/** What A2C reports: means over the updates since the last report. */
export interface A2cReport extends Report, RolloutMetrics {
  /** −E[Â log π(a | s)], whose gradient is followed. */
  readonly policyLoss: number;
  /** E[(V − R)²]. */
  readonly valueLoss: number;
  /** Entropy of the policy, in nats. */
  readonly entropy: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** RMSprop's step size in these updates. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `a2c({ env: cartPole, ...a2cPresets["CartPole-v1"] })`.
 */
export const a2cPresets: Readonly<Record<string, A2cSettings>> = {
  "CartPole-v1": {
    environments: 8,
    learningRate: { linear: [2e-3, 0] },
  },
  "Acrobot-v1": {
    environments: 16,
    learningRate: { linear: [2e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "Pendulum-v1": {
    environments: 16,
    rolloutSteps: 16,
    gamma: 0.95,
    lambda: 0.9,
    learningRate: { linear: [2e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
};
