import type { Space } from "@uphill/envs";
import { defineOptions } from "@uphill/training";
import type { OnPolicyProblem, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";
import type { EpochSettings } from "./epoch-settings.js";
import { epochOptions } from "./internal/epoch-options.js";

/** How KL-penalised policy optimisation learns. Ranges are in {@link klPenaltyOptions}. */
export interface KlPenaltySettings extends EpochSettings {
  /** KL(old‖new) that an update should have, in nats, as a mean over the rollout's states. Default 0.01. */
  readonly klTarget?: number;
  /** β of the first update. Default 1. */
  readonly klMultiplier?: number;
}

/** What {@link klPenalty} takes. */
export type KlPenaltyOptions<A extends Space = Space> = KlPenaltySettings & OnPolicyProblem<A>;

/** How far β may go: 2²⁰ either way, so that it stays a number where nothing, or everything, moves the policy. */
export const multiplierLimits = { least: 2 ** -20, most: 2 ** 20 };

/** KL-penalised policy optimisation's options with their defaults, ranges and meanings. */
export const klPenaltyOptions = defineOptions({
  ...epochOptions,
  klTarget: {
    kind: "number",
    default: 0.01,
    range: { above: 0 },
    unit: "nats",
    meaning: "KL that an update of the policy should have",
  },
  klMultiplier: {
    kind: "number",
    default: 1,
    range: multiplierLimits,
    meaning: "multiplier of the KL penalty in the first update",
  },
});
true satisfies OptionsAgree<KlPenaltySettings, typeof klPenaltyOptions>;

/** KL-penalised policy optimisation's options, all of them present. */
export type KlPenaltyResolvedOptions = OptionsOf<typeof klPenaltyOptions>;

/** What KL-penalised policy optimisation reports after each iteration: means over the minibatches, but for `klNats`. */
export interface KlPenaltyReport extends Report, RolloutMetrics {
  /** −E[ρ Â − β KL(old‖new)]. */
  readonly policyLoss: number;
  /** E[(V − R)²]. */
  readonly valueLoss: number;
  /** Entropy of the policy, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of the whole update, in nats, exact in each of the rollout's states: what β goes by. */
  readonly klNats: number;
  /** β of the update. */
  readonly klMultiplier: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Adam's step size in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `klPenalty({ env: cartPole, ...klPenaltyPresets["CartPole-v1"] })`.
 */
export const klPenaltyPresets: Readonly<Record<string, KlPenaltySettings>> = {
  "CartPole-v1": {
    environments: 8,
    rolloutSteps: 256,
    minibatchSize: 128,
    learningRate: { linear: [3e-3, 0] },
    klTarget: 0.02,
    hiddenWidths: [32],
  },
  "Pendulum-v1": {
    environments: 8,
    rolloutSteps: 256,
    minibatchSize: 128,
    gamma: 0.95,
    learningRate: { linear: [2e-3, 0] },
    hiddenWidths: [32, 32],
    normalizeRewards: true,
  },
};
