import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions, valueFitOptions } from "@uphill/training";
import type {
  OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics,
} from "@uphill/training";

/** How steps in parameter space learn. Ranges are in {@link normalizedGradientOptions}. */
export interface NormalizedGradientSettings extends OnPolicySettings {
  /** c: Euclidean length of each step of the policy's parameters. Default 0.1. */
  readonly stepLength?: Schedule;
  /** Whether advantages are normalised over the rollout. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Passes of the value function over each rollout. Default 10. */
  readonly valueEpochs?: number;
  /** Steps in a minibatch of the value function. Default 128. */
  readonly valueMinibatchSize?: number;
}

/** What {@link normalizedGradient} takes. */
export type NormalizedGradientOptions<A extends Space = Space> = NormalizedGradientSettings & OnPolicyProblem<A>;

/** The options of steps in parameter space with their defaults, ranges and meanings: `npgOptions`, but for the length. */
export const normalizedGradientOptions = defineOptions({
  ...onPolicyOptions,
  stepLength: {
    kind: "schedule",
    default: 0.1,
    range: { least: 0, most: 1000 },
    meaning: "Euclidean length of a step of the policy's parameters",
  },
  ...valueFitOptions,
});
true satisfies OptionsAgree<NormalizedGradientSettings, typeof normalizedGradientOptions>;

/** The options of steps in parameter space, all of them present. */
export type NormalizedGradientResolvedOptions = OptionsOf<typeof normalizedGradientOptions>;

/** What steps in parameter space report after each iteration. */
export interface NormalizedGradientReport extends Report, RolloutMetrics {
  /** −E[Â log π(a | s)] before the step, whose gradient it follows. */
  readonly policyLoss: number;
  /** E[(V − R)²], the mean over the minibatches. */
  readonly valueLoss: number;
  /** Entropy of the policy that acted, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of the step, in nats, exact in each state: what a length in parameter space says nothing about. */
  readonly klNats: number;
  /** Norm of the policy's gradient; only its direction counts. */
  readonly gradientNorm: number;
  /** c of this iteration. */
  readonly stepLength: number;
  /** Adam's step size for the value function in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `normalizedGradient({ env: cartPole, ...normalizedGradientPresets["CartPole-v1"] })`.
 */
export const normalizedGradientPresets: Readonly<Record<string, NormalizedGradientSettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 64,
    stepLength: { linear: [0.3, 0] },
    hiddenWidths: [32],
  },
};
