import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions, valueFitOptions } from "@uphill/training";
import type {
  OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics,
} from "@uphill/training";

/** How the policy gradient with a learned baseline learns. Ranges are in {@link policyGradientOptions}. */
export interface PolicyGradientSettings extends OnPolicySettings {
  /**
   * Whether an iteration is one whole episode in each environment, rather than T steps wherever episodes stand. Default
   * false.
   */
  readonly wholeEpisodes?: boolean;
  /** Adam's step size for the policy. Default 1e-3. */
  readonly learningRate?: Schedule;
  /** Passes of the policy over each iteration's steps. Default 1. */
  readonly policyEpochs?: number;
  /** Steps in a minibatch of the policy; null for all of an iteration's. Default null. */
  readonly minibatchSize?: number | null;
  /** Whether advantages are normalised within each minibatch of the policy. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Passes of the value function over each iteration's steps. Default 10. */
  readonly valueEpochs?: number;
  /** Steps in a minibatch of the value function. Default 128. */
  readonly valueMinibatchSize?: number;
}

/** What {@link policyGradient} takes. */
export type PolicyGradientOptions<A extends Space = Space> = PolicyGradientSettings & OnPolicyProblem<A>;

/** The policy gradient's options with their defaults, ranges and meanings. */
export const policyGradientOptions = defineOptions({
  ...onPolicyOptions,
  wholeEpisodes: {
    kind: "boolean",
    default: false,
    meaning: "learn from one whole episode in each environment, rather than from rollout-steps of each",
  },
  learningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam for the policy",
  },
  policyEpochs: {
    kind: "integer",
    default: 1,
    range: { least: 1 },
    meaning: "passes of the policy over each iteration's steps",
  },
  minibatchSize: {
    kind: "integer",
    default: null,
    nullable: true,
    range: { least: 1 },
    unit: "steps",
    meaning: "steps in a minibatch of the policy; none for all of an iteration's",
  },
  ...valueFitOptions,
  normalizeAdvantages: {
    ...valueFitOptions.normalizeAdvantages,
    meaning: "normalise advantages within each minibatch of the policy",
  },
});
true satisfies OptionsAgree<PolicyGradientSettings, typeof policyGradientOptions>;

/** The policy gradient's options, all of them present. */
export type PolicyGradientResolvedOptions = OptionsOf<typeof policyGradientOptions>;

/** What the policy gradient reports after each iteration; NaN where it had no whole episode, at the end of a budget. */
export interface PolicyGradientReport extends Report, RolloutMetrics {
  /** −E[Â log π(a | s)], the mean over the minibatches, each before its step. */
  readonly policyLoss: number;
  /** E[(V − R)²], the mean over the minibatches. */
  readonly valueLoss: number;
  /** Entropy of the policy, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of all of the iteration's steps, in nats, exact in each state. */
  readonly klNats: number;
  /** Norm of the policy's gradient, the mean over the minibatches. */
  readonly gradientNorm: number;
  /** Adam's step size for the policy in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `policyGradient({ env: cartPole, ...policyGradientPresets["CartPole-v1"] })`.
 */
export const policyGradientPresets: Readonly<Record<string, PolicyGradientSettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 64,
    learningRate: { linear: [0.01, 0] },
    hiddenWidths: [32],
  },
};
