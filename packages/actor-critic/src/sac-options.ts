import type { Box } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf } from "@uphill/training";
import { offPolicyOptions, targetIntervalOption } from "./internal/off-policy-options.js";
import type { OffPolicyProblem, OffPolicyReport, OffPolicySettings } from "./off-policy-settings.js";

/** How SAC learns. Ranges are in {@link sacOptions}. */
export interface SacSettings extends OffPolicySettings {
  /** What a target bootstraps from: the target critics, or a value network's target. Default targetCritics. */
  readonly bootstrap?: "targetCritics" | "valueNetwork";
  /** Updates from one move of the target networks to the next. Default 1. */
  readonly targetInterval?: number;
  /** Adam's step size, of all networks and the temperature. Default 3e-4. */
  readonly learningRate?: Schedule;
  /** α, weight of the entropy; null to learn it. Default null. */
  readonly temperature?: number | null;
  /** Entropy in nats that a learned temperature aims at; null for minus the number of action components. Default null. */
  readonly targetEntropy?: number | null;
  /** Whether exploration is a smooth function of the state (gSDE). Default false. */
  readonly stateDependentNoise?: boolean;
  /** Steps for which a draw of that noise is kept. Default 32. */
  readonly noiseResampleSteps?: number;
  /** Log standard deviation that it starts from. Default −3. */
  readonly initialLogStandardDeviation?: number;
}

/** What {@link sac} takes. */
export type SacOptions<A extends Box = Box> = SacSettings & OffPolicyProblem<A>;

/** SAC's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9. */
export const sacOptions = defineOptions({
  ...offPolicyOptions,
  ...targetIntervalOption,
  bootstrap: {
    kind: "choice",
    default: "targetCritics",
    choices: ["targetCritics", "valueNetwork"],
    meaning: "what a target bootstraps from",
  },
  learningRate: {
    kind: "schedule",
    default: 3e-4,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam, for all networks and the temperature",
  },
  temperature: {
    kind: "number",
    default: null,
    nullable: true,
    range: { least: 0 },
    meaning: "weight of the entropy; none to learn it",
  },
  targetEntropy: {
    kind: "number",
    default: null,
    nullable: true,
    unit: "nats",
    meaning: "entropy that a learned temperature aims at; none for minus the number of action components",
  },
  stateDependentNoise: {
    kind: "boolean",
    default: false,
    meaning: "explore by noise that is a smooth function of the state",
  },
  noiseResampleSteps: {
    kind: "integer",
    default: 32,
    range: { least: 1 },
    unit: "steps",
    meaning: "steps for which a draw of that noise is kept",
  },
  initialLogStandardDeviation: {
    kind: "number",
    default: -3,
    range: { least: -20, most: 2 },
    meaning: "log standard deviation that noise which depends on the state starts from",
  },
});
true satisfies OptionsAgree<SacSettings, typeof sacOptions>;

/** SAC's options, all of them present. */
export type SacResolvedOptions = OptionsOf<typeof sacOptions>;

/** What SAC reports: `criticLoss` is Σᵢ E[w (Qᵢ − y)²], `policyLoss` E[α log π − min Q]. */
export interface SacReport extends OffPolicyReport {
  /** E[(V − target)²] of the value network; NaN where targets bootstrap from critics. */
  readonly valueLoss: number;
  /** −E[log π], in nats. */
  readonly entropy: number;
  /** α. */
  readonly temperature: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `sac({ env: pendulum, ...sacPresets["Pendulum-v1"] })`.
 */
export const sacPresets: Readonly<Record<string, SacSettings>> = {
  "Pendulum-v1": {
    learningRate: 1e-3,
    bufferCapacity: 20_000,
    hiddenWidths: [64, 64],
  },
  "MountainCarContinuous-v0": {
    bufferCapacity: 50_000,
    batchSize: 512,
    temperature: 0.1,
    updateInterval: 32,
    // With the 0.9999 of RL Zoo the entropy of a long stay is worth more than the flag once Q has grown to it.
    gamma: 0.999,
    targetRate: 0.01,
    warmUpSteps: 0,
    stateDependentNoise: true,
    initialLogStandardDeviation: -3.67,
    hiddenWidths: [64, 64],
  },
};
