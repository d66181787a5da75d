import type { Space } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OnPolicyProblem, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";
import type { EpochSettings } from "./epoch-settings.js";
import { epochOptions } from "./internal/epoch-options.js";

/** How PPO learns. Ranges are in {@link ppoOptions}. */
export interface PpoSettings extends EpochSettings {
  /** ε: how far the probability ratio may move from 1. Default 0.2. */
  readonly clipRange?: Schedule;
  /** How far a value may move from the old one; null for no bound. Default null. */
  readonly valueClipRange?: number | null;
  /** KL(old‖new), in nats, of which 1.5 times ends an update; null for no bound. Default null. */
  readonly klTarget?: number | null;
}

/** What {@link ppo} takes. */
export type PpoOptions<A extends Space = Space> = PpoSettings & OnPolicyProblem<A>;

/** PPO's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9. */
export const ppoOptions = defineOptions({
  ...epochOptions,
  clipRange: {
    kind: "schedule",
    default: 0.2,
    range: { least: 0, most: 10 },
    meaning: "how far the probability ratio may move from 1",
  },
  valueClipRange: {
    kind: "number",
    default: null,
    nullable: true,
    range: { above: 0 },
    meaning: "how far a value may move from the old one",
  },
  klTarget: {
    kind: "number",
    default: null,
    nullable: true,
    range: { above: 0 },
    unit: "nats",
    meaning: "KL of which 1.5 times ends an update",
  },
});
true satisfies OptionsAgree<PpoSettings, typeof ppoOptions>;

/** PPO's options, all of them present. */
export type PpoResolvedOptions = OptionsOf<typeof ppoOptions>;

/** What PPO reports after each iteration: means over the minibatches of the update. */
export interface PpoReport extends Report, RolloutMetrics {
  /** −E[min(ρ Â, clip(ρ) Â)]. */
  readonly policyLoss: number;
  /** ½ would be in `valueWeight`: E[(V − R)²]. */
  readonly valueLoss: number;
  /** Entropy of the policy, in nats. */
  readonly entropy: number;
  /** KL(old‖new) by E[(ρ − 1) − log ρ], in nats. */
  readonly klNats: number;
  /** Part of the steps whose ratio was clipped. */
  readonly clipFraction: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Adam's step size in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `ppo({ env: cartPole, ...ppoPresets["CartPole-v1"] })`.
 */
export const ppoPresets: Readonly<Record<string, PpoSettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 64,
    minibatchSize: 128,
    epochs: 10,
    gamma: 0.98,
    lambda: 0.9,
    learningRate: { linear: [3e-3, 0] },
    hiddenWidths: [32],
  },
  "Pendulum-v1": {
    environments: 8,
    rolloutSteps: 256,
    minibatchSize: 128,
    epochs: 10,
    gamma: 0.95,
    learningRate: { linear: [2e-3, 0] },
    hiddenWidths: [32, 32],
    normalizeRewards: true,
  },
  "LunarLander-v3": {
    environments: 16,
    rolloutSteps: 256,
    minibatchSize: 128,
    epochs: 6,
    gamma: 0.999,
    learningRate: { linear: [1e-3, 0] },
    entropyWeight: 0.005,
    normalizeRewards: true,
  },
  "Acrobot-v1": {
    environments: 16,
    rolloutSteps: 128,
    minibatchSize: 256,
    epochs: 4,
    lambda: 0.94,
    learningRate: { linear: [1e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "MountainCar-v0": {
    environments: 16,
    rolloutSteps: 128,
    minibatchSize: 256,
    epochs: 4,
    lambda: 0.98,
    learningRate: { linear: [1e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "MountainCarContinuous-v0": {
    environments: 4,
    rolloutSteps: 256,
    minibatchSize: 256,
    gamma: 0.999,
    learningRate: 1e-3,
    stateDependentNoise: true,
    noiseResampleSteps: 32,
    normalizeObservations: true,
    normalizeRewards: true,
  },
};
