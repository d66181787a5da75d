import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions } from "@uphill/training";
import type { OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";

/** How actor-critic learns. Ranges are in {@link actorCriticOptions}. */
export interface ActorCriticSettings extends Omit<OnPolicySettings, "rolloutSteps"> {
  /** λ of the eligibility traces; 0 for none. Above 0 it takes a single environment. Default 0. */
  readonly lambda?: number;
  /** Adam's step size for the policy. Default 5e-4. */
  readonly learningRate?: Schedule;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Weight of the entropy. Default 0. */
  readonly entropyWeight?: number;
  /** Steps of every environment, an update each, between reports. Default 1000. */
  readonly updatesPerReport?: number;
}

/** What {@link actorCritic} takes. */
export type ActorCriticOptions<A extends Space = Space> = ActorCriticSettings & OnPolicyProblem<A>;

const { rolloutSteps: _rolloutSteps, ...onlineOptions } = onPolicyOptions;

/** Actor-critic's options with their defaults, ranges and meanings. */
export const actorCriticOptions = defineOptions({
  ...onlineOptions,
  lambda: {
    ...onlineOptions.lambda,
    default: 0,
    meaning: "lambda of the eligibility traces, 0 for none",
  },
  learningRate: {
    kind: "schedule",
    default: 5e-4,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam for the policy",
  },
  valueLearningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam for the value function",
  },
  entropyWeight: {
    kind: "number",
    default: 0,
    range: { least: 0 },
    meaning: "weight of the entropy",
  },
  updatesPerReport: {
    kind: "integer",
    default: 1000,
    range: { least: 1 },
    unit: "updates",
    meaning: "updates between reports",
  },
});
true satisfies OptionsAgree<ActorCriticSettings, typeof actorCriticOptions>;

/** Actor-critic's options, all of them present. */
export type ActorCriticResolvedOptions = OptionsOf<typeof actorCriticOptions>;

/** What actor-critic reports: means over the updates since the last report. */
export interface ActorCriticReport extends Report, RolloutMetrics {
  /** −E[δ log π(a | s)], whose gradient is followed where there are no traces. */
  readonly policyLoss: number;
  /** E[δ²]. */
  readonly valueLoss: number;
  /** Entropy of the policy, in nats. */
  readonly entropy: number;
  /** Norm of the policy's gradient, traces included. */
  readonly gradientNorm: number;
  /** 1 − Var[δ] / Var[V + δ] over the steps: 1 is perfect, 0 or less says that the values explain nothing. */
  readonly explainedVariance: number;
  /** Adam's step size for the policy in these updates. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `actorCritic({ env: cartPole, ...actorCriticPresets["CartPole-v1"] })`.
 */
export const actorCriticPresets: Readonly<Record<string, ActorCriticSettings>> = {
  "CartPole-v1": {
    lambda: 0.9,
    learningRate: { linear: [5e-4, 0] },
    valueLearningRate: { linear: [1e-3, 0] },
  },
};
