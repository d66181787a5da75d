import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions } from "@uphill/training";
import type { OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";

/** How an actor and a critic learn from short rollouts, an update each. */
export interface ShortRolloutSettings extends OnPolicySettings {
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

/** Their options. Defaults are those of Stable-Baselines3's A2C, 2.9. */
export const shortRolloutOptions = defineOptions({
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
true satisfies OptionsAgree<ShortRolloutSettings, typeof shortRolloutOptions>;

/** They, all of them present. */
export type ShortRolloutOptions = OptionsOf<typeof shortRolloutOptions>;

/** What is reported of their learning: means over the updates since the last report. */
export interface ShortRolloutReport extends Report, RolloutMetrics {
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
