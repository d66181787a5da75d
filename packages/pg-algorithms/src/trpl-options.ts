import type { Box } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OnPolicyProblem, OptionsAgree, OptionsOf, Report, RolloutMetrics } from "@uphill/training";
import type { EpochSettings } from "./epoch-settings.js";
import { epochOptions } from "./internal/epoch-options.js";

/** How trust-region projection layers learn. Ranges are in {@link trplOptions}. */
export interface TrplSettings extends EpochSettings {
  /** How far apart spreads are: in KL(new‖old), by their covariances, or by the roots of these. Default "kl". */
  readonly projection?: "kl" | "frobenius" | "wasserstein";
  /** ε_μ: what Σ ((μ − μ_old)/σ_old)² may be in each state. Default 0.03. */
  readonly meanBound?: number;
  /** ε_Σ: how far the spread may move in an update, as the projection measures it. Default 1e-3. */
  readonly covarianceBound?: number;
  /** α, weight of the regression that keeps the network's means at what the projection makes of them. Default 1. */
  readonly regressionWeight?: number;
  /** β: nats that the policy's entropy does not fall below; null for no such bound. Default null. */
  readonly leastEntropy?: Schedule | null;
}

/** What {@link trpl} takes. */
export type TrplOptions = TrplSettings & OnPolicyProblem<Box>;

/** The options of trust-region projection layers with their defaults, ranges and meanings. */
export const trplOptions = defineOptions({
  ...epochOptions,
  projection: {
    kind: "choice",
    default: "kl",
    choices: ["kl", "frobenius", "wasserstein"],
    meaning: "how the distance between spreads is measured",
  },
  meanBound: {
    kind: "number",
    default: 0.03,
    range: { above: 0 },
    meaning: "squared distance that a mean may move in an update, in standard deviations",
  },
  covarianceBound: {
    kind: "number",
    default: 1e-3,
    range: { above: 0 },
    meaning: "distance that the spread may move in an update, as the projection measures it",
  },
  regressionWeight: {
    kind: "number",
    default: 1,
    range: { least: 0 },
    meaning: "weight of the regression of means on projected ones",
  },
  leastEntropy: {
    kind: "schedule",
    default: null,
    nullable: true,
    unit: "nats",
    meaning: "entropy that the policy does not fall below",
  },
});
true satisfies OptionsAgree<TrplSettings, typeof trplOptions>;

/** The options of trust-region projection layers, all of them present. */
export type TrplResolvedOptions = OptionsOf<typeof trplOptions>;

/** What trust-region projection layers report after each iteration: means over the minibatches, but for `klNats`. */
export interface TrplReport extends Report, RolloutMetrics {
  /** −E[ρ Â], ρ of the projected policy. */
  readonly policyLoss: number;
  /** E[Σ ((μ − μ̃)/σ_old)²]: how far the network's means are from the projected ones. */
  readonly regressionLoss: number;
  /** E[(V − R)²]. */
  readonly valueLoss: number;
  /** Entropy of the projected policy, in nats. */
  readonly entropy: number;
  /** E[KL(old‖new)] of the whole update, in nats, exact in each of the rollout's states. */
  readonly klNats: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Adam's step size in this iteration. */
  readonly learningRate: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `trpl({ env: pendulum, ...trplPresets["Pendulum-v1"] })`.
 */
export const trplPresets: Readonly<Record<string, TrplSettings>> = {
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
