import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions, valueFitOptions } from "@uphill/training";
import type { OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report } from "@uphill/training";

/** How REINFORCE learns. Ranges are in {@link reinforceOptions}. */
export interface ReinforceSettings extends Omit<OnPolicySettings, "lambda"> {
  /** N: each iteration plays one episode in each environment. Default 8. */
  readonly environments?: number;
  /** Steps after which an episode that has not ended is left out. Default 2048. */
  readonly rolloutSteps?: number;
  /** Adam's step size. Default 1e-3. */
  readonly learningRate?: Schedule;
  /** Whether an action is credited with the rewards after it alone, rather than with all of its episode. Default true. */
  readonly rewardToGo?: boolean;
  /** Whether step t of an episode weighs γᵗ, as in the exact gradient of the discounted return. Default false. */
  readonly discountedStates?: boolean;
  /**
   * What is taken off returns: null for nothing; their mean over all steps; that mean with each step weighted by the squared
   * norm of its score, which is the constant of least variance; their mean at each time over the episodes; or a value
   * function, learned by regression on rewards-to-go. Default value.
   */
  readonly baseline?: "constant" | "gradientNorm" | "time" | "value" | null;
  /** Whether what is left is normalised over the iteration's steps. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** Steps of the policy on each iteration's data. Default 1. */
  readonly policySteps?: number;
  /**
   * How steps of the policy after the first, whose data are of a policy before it, weigh each step: by π/π_old; by that over
   * its mean; or, for null, all alike, as if the data were its own. Default plain.
   */
  readonly importanceWeights?: "plain" | "selfNormalized" | null;
  /** How many of the last observations policy and value function see as one, `[window, …shape]`. Default 1. */
  readonly window?: number;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Passes of the value function over each iteration's steps. Default 10. */
  readonly valueEpochs?: number;
  /** Steps in a minibatch of the value function. Default 128. */
  readonly valueMinibatchSize?: number;
}

/** What {@link reinforce} takes. */
export type ReinforceOptions<A extends Space = Space> = ReinforceSettings & OnPolicyProblem<A>;

const { lambda: _lambda, ...episodeOptions } = onPolicyOptions;

/** REINFORCE's options with their defaults, ranges and meanings. */
export const reinforceOptions = defineOptions({
  ...episodeOptions,
  environments: {
    ...episodeOptions.environments,
    default: 8,
    meaning: "environments stepped together; an iteration plays an episode in each",
  },
  rolloutSteps: {
    ...episodeOptions.rolloutSteps,
    meaning: "steps after which an episode that has not ended is left out",
  },
  learningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam for the policy",
  },
  rewardToGo: {
    kind: "boolean",
    default: true,
    meaning: "credit actions with the rewards after them alone",
  },
  discountedStates: {
    kind: "boolean",
    default: false,
    meaning: "weigh step t of an episode by gamma to the power t",
  },
  baseline: {
    kind: "choice",
    default: "value",
    nullable: true,
    choices: ["constant", "gradientNorm", "time", "value"],
    meaning: "what is taken off returns",
  },
  policySteps: {
    kind: "integer",
    default: 1,
    range: { least: 1, most: 10_000 },
    meaning: "steps of the policy on each iteration's data",
  },
  importanceWeights: {
    kind: "choice",
    default: "plain",
    nullable: true,
    choices: ["plain", "selfNormalized"],
    meaning: "how steps of the policy after the first weigh data of the policy before it",
  },
  window: {
    kind: "integer",
    default: 1,
    range: { least: 1, most: 1024 },
    unit: "observations",
    meaning: "last observations that policy and value function see as one",
  },
  ...valueFitOptions,
});
true satisfies OptionsAgree<ReinforceSettings, typeof reinforceOptions>;

/** REINFORCE's options, all of them present. */
export type ReinforceResolvedOptions = OptionsOf<typeof reinforceOptions>;

/** What REINFORCE reports after each iteration; NaN where it had no whole episode, at the end of a budget. */
export interface ReinforceReport extends Report {
  /** −E[Â log π(a | s)] before the first step of the policy, whose gradient it follows. */
  readonly policyLoss: number;
  /** E[(V − G)²], the mean over the minibatches; NaN without a value baseline. */
  readonly valueLoss: number;
  /** Entropy of the policy that acted, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of all of the iteration's steps, in nats, exact in each state. */
  readonly klNats: number;
  /** Norm of the policy's gradient at its first step. */
  readonly gradientNorm: number;
  /**
   * (Σ w)² / (K Σ w²) of the K weights w = π/π_old at the last step of the policy: 1 at a first step, near 0 where the data
   * say next to nothing of the policy that is to learn from them.
   */
  readonly effectiveSampleFraction: number;
  /** 1 − Var[G − V] / Var[G] over the episodes' steps, of a value baseline; NaN without one. */
  readonly explainedVariance: number;
  /** Standard deviation of what is credited less the baseline, over the episodes' steps. */
  readonly advantageDeviation: number;
  /** Adam's step size for the policy in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `reinforce({ env: cartPole, ...reinforcePresets["CartPole-v1"] })`.
 */
export const reinforcePresets: Readonly<Record<string, ReinforceSettings>> = {
  "CartPole-v1": {
    learningRate: { linear: [0.01, 0] },
    valueLearningRate: 0.003,
    hiddenWidths: [32],
  },
};
