import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions, onPolicyOptions, valueFitOptions } from "@uphill/training";
import type {
  OnPolicyProblem, OnPolicySettings, OptionsAgree, OptionsOf, Report, RolloutMetrics,
} from "@uphill/training";
import { naturalStepOptions } from "./internal/natural-step-options.js";
import { vineOptions } from "./internal/vine-options.js";

/** How TRPO learns. Ranges are in {@link trpoOptions}. */
export interface TrpoSettings extends OnPolicySettings {
  /** Whether actions are judged along the path that the policy plays, or by branches from its states. Default "singlePath". */
  readonly sampling?: "singlePath" | "vine";
  /** What a single path credits actions with: Â, or Q̂, the rewards that followed. Default "advantage". */
  readonly credit?: "advantage" | "return";
  /** Whether each rollout begins new episodes, so that it is N paths of T steps. Default false. */
  readonly restartEpisodes?: boolean;
  /** M, states of each environment that a vine branches from in a rollout. Default 8. */
  readonly vineStates?: number;
  /** K, actions that a vine samples in each; null for all of a discrete space. Default null. */
  readonly vineActions?: number | null;
  /** L, steps of a vine's branches at the most. Default 32. */
  readonly vineSteps?: number;
  /** δ: KL(old‖new) that a step may have, in nats, as a mean over the rollout's states. Default 0.01. */
  readonly klRadius?: number;
  /** c: the step solves (F + c I) x = g. Default 0.1. */
  readonly damping?: number;
  /** Steps of conjugate gradients, each a product with F. Default 15. */
  readonly conjugateGradientSteps?: number;
  /** What a refused step is multiplied by. Default 0.8. */
  readonly lineSearchShrink?: number;
  /** Steps tried; where all are refused, the policy stays. Default 10. */
  readonly lineSearchTrials?: number;
  /** Whether advantages are normalised over the rollout. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** Adam's step size for the value function. Default 1e-3. */
  readonly valueLearningRate?: Schedule;
  /** Passes of the value function over each rollout. Default 10. */
  readonly valueEpochs?: number;
  /** Steps in a minibatch of the value function. Default 128. */
  readonly valueMinibatchSize?: number;
}

/** What {@link trpo} takes. */
export type TrpoOptions<A extends Space = Space> = TrpoSettings & OnPolicyProblem<A>;

/** TRPO's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3's contrib 2.9. */
export const trpoOptions = defineOptions({
  ...onPolicyOptions,
  ...vineOptions,
  ...naturalStepOptions,
  lineSearchShrink: {
    kind: "number",
    default: 0.8,
    range: { above: 0, below: 1 },
    meaning: "what a refused step is multiplied by",
  },
  lineSearchTrials: {
    kind: "integer",
    default: 10,
    range: { least: 1, most: 1000 },
    meaning: "steps tried before the policy stays as it is",
  },
  ...valueFitOptions,
});
true satisfies OptionsAgree<TrpoSettings, typeof trpoOptions>;

/** TRPO's options, all of them present. */
export type TrpoResolvedOptions = OptionsOf<typeof trpoOptions>;

/** What TRPO reports after each iteration. */
export interface TrpoReport extends Report, RolloutMetrics {
  /** −E[ρ Â] after the step; 0 is what it was before, up to rounding, where advantages are normalised. */
  readonly policyLoss: number;
  /** E[(V − R)²], the mean over the minibatches. */
  readonly valueLoss: number;
  /** Entropy of the policy that acted, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of the step that was taken, in nats, exact in each state. */
  readonly klNats: number;
  /** Part of the step to the radius that was taken; 0 where every trial was refused. */
  readonly stepFraction: number;
  /** Norm of the surrogate's gradient. */
  readonly gradientNorm: number;
  /** Adam's step size for the value function in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `trpo({ env: cartPole, ...trpoPresets["CartPole-v1"] })`.
 */
export const trpoPresets: Readonly<Record<string, TrpoSettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 256,
    hiddenWidths: [32],
  },
  "Acrobot-v1": {
    environments: 8,
    rolloutSteps: 256,
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "MountainCar-v0": {
    environments: 8,
    rolloutSteps: 256,
    valueEpochs: 20,
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "MountainCarContinuous-v0": {
    environments: 4,
    rolloutSteps: 512,
    gamma: 0.999,
    stateDependentNoise: true,
    noiseResampleSteps: 32,
    normalizeObservations: true,
    normalizeRewards: true,
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
