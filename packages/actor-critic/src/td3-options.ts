import type { Box } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf } from "@uphill/training";
import { deterministicPolicyOptions } from "./internal/off-policy-options.js";
import type { ExplorationNoiseSettings, OffPolicyProblem, OffPolicyReport, OffPolicySettings } from "./off-policy-settings.js";

/** How TD3 learns. Ranges are in {@link td3Options}. */
export interface Td3Settings extends OffPolicySettings, ExplorationNoiseSettings {
  /** Adam's step size, of critics and policy. Default 1e-3. */
  readonly learningRate?: Schedule;
  /** Updates of the critics for one of the policy and the target networks. Default 2. */
  readonly policyDelay?: number;
  /** Standard deviation of the noise on target actions, on the scale of their bounds, ±1. Default 0.2. */
  readonly targetNoise?: number;
  /** Bound on that noise, on the same scale. Default 0.5. */
  readonly targetNoiseClip?: number;
}

/** What {@link td3} takes. */
export type Td3Options<A extends Box = Box> = Td3Settings & OffPolicyProblem<A>;

/** TD3's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9, but for noise. */
export const td3Options = defineOptions({
  ...deterministicPolicyOptions,
  policyDelay: {
    kind: "integer",
    default: 2,
    range: { least: 1 },
    unit: "updates",
    meaning: "updates of the critics for one of the policy and the target networks",
  },
  targetNoise: {
    kind: "number",
    default: 0.2,
    range: { least: 0, most: 10 },
    meaning: "standard deviation of the noise on target actions, on the scale of their bounds, ±1",
  },
  targetNoiseClip: {
    kind: "number",
    default: 0.5,
    range: { least: 0, most: 10 },
    meaning: "bound on that noise, on the same scale",
  },
});
true satisfies OptionsAgree<Td3Settings, typeof td3Options>;

/** TD3's options, all of them present. */
export type Td3ResolvedOptions = OptionsOf<typeof td3Options>;

/** What TD3 reports: `criticLoss` is Σᵢ E[w (Qᵢ − y)²], `policyLoss` −E[Q₁(s, μ(s))]. */
export type Td3Report = OffPolicyReport;

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `td3({ env: pendulum, ...td3Presets["Pendulum-v1"] })`.
 */
export const td3Presets: Readonly<Record<string, Td3Settings>> = {
  "Pendulum-v1": {
    bufferCapacity: 20_000,
    warmUpSteps: 1000,
    gamma: 0.98,
    hiddenWidths: [64, 64],
  },
  "MountainCarContinuous-v0": {
    bufferCapacity: 300_000,
    noise: "ornsteinUhlenbeck",
    noiseScale: 0.5,
    noiseTimeStep: 0.1,
    hiddenWidths: [64, 64],
  },
};
