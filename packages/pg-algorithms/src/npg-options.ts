import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions, valueFitOptions } from "@uphill/training";
import type {
  OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics,
} from "@uphill/training";
import { naturalStepOptions } from "./internal/natural-step-options.js";

/** How the natural policy gradient learns. Ranges are in {@link npgOptions}. */
export interface NpgSettings extends OnPolicySettings {
  /** δ: KL(old‖new) of each step to second order, in nats, as a mean over the rollout's states. Default 0.01. */
  readonly klRadius?: number;
  /** c: the step solves (F + c I) x = g. Default 0.1. */
  readonly damping?: number;
  /** Steps of conjugate gradients, each a product with F. Default 15. */
  readonly conjugateGradientSteps?: number;
  /** Whether F is written down and factored instead: for policies of at most 1024 parameters. Default false. */
  readonly exactFisher?: boolean;
  /** Whether advantages are normalised over the rollout. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Passes of the value function over each rollout. Default 10. */
  readonly valueEpochs?: number;
  /** Steps in a minibatch of the value function. Default 128. */
  readonly valueMinibatchSize?: number;
}

/** What {@link npg} takes. */
export type NpgOptions<A extends Space = Space> = NpgSettings & OnPolicyProblem<A>;

/** The natural policy gradient's options with their defaults, ranges and meanings: those of `trpoOptions` as far as it has them. */
export const npgOptions = defineOptions({
  ...onPolicyOptions,
  ...naturalStepOptions,
  exactFisher: {
    kind: "boolean",
    default: false,
    meaning: "write the Fisher matrix down and factor it, for policies of at most 1024 parameters",
  },
  ...valueFitOptions,
});
true satisfies OptionsAgree<NpgSettings, typeof npgOptions>;

/** The natural policy gradient's options, all of them present. */
export type NpgResolvedOptions = OptionsOf<typeof npgOptions>;

/** What the natural policy gradient reports after each iteration. */
export interface NpgReport extends Report, RolloutMetrics {
  /** −E[Â log π(a | s)] before the step, whose gradient it follows. */
  readonly policyLoss: number;
  /** E[(V − R)²], the mean over the minibatches. */
  readonly valueLoss: number;
  /** Entropy of the policy that acted, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of the step, in nats, exact in each state: the radius bounds it to second order only. */
  readonly klNats: number;
  /** Norm of the policy's gradient. */
  readonly gradientNorm: number;
  /** Adam's step size for the value function in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `npg({ env: cartPole, ...npgPresets["CartPole-v1"] })`.
 */
export const npgPresets: Readonly<Record<string, NpgSettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 256,
    hiddenWidths: [32],
  },
  "Pendulum-v1": {
    environments: 8,
    rolloutSteps: 256,
    gamma: 0.95,
    klRadius: 0.02,
    valueEpochs: 15,
    hiddenWidths: [32, 32],
    normalizeObservations: true,
    normalizeRewards: true,
  },
};
