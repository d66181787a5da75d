import type { Box } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf } from "@uphill/training";
import { deterministicPolicyOptions, targetIntervalOption } from "./internal/off-policy-options.js";
import type { ExplorationNoiseSettings, OffPolicyProblem, OffPolicyReport, OffPolicySettings } from "./off-policy-settings.js";

/** How DDPG learns. Ranges are in {@link ddpgOptions}. */
export interface DdpgSettings extends OffPolicySettings, ExplorationNoiseSettings {
  /** Adam's step size, of critic and policy. Default 1e-3. */
  readonly learningRate?: Schedule;
  /** Updates from one move of the target networks to the next. Default 1. */
  readonly targetInterval?: number;
}

/** What {@link ddpg} takes. */
export type DdpgOptions<A extends Box = Box> = DdpgSettings & OffPolicyProblem<A>;

/** DDPG's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9, but for noise. */
export const ddpgOptions = defineOptions({ ...deterministicPolicyOptions, ...targetIntervalOption });
true satisfies OptionsAgree<DdpgSettings, typeof ddpgOptions>;

/** DDPG's options, all of them present. */
export type DdpgResolvedOptions = OptionsOf<typeof ddpgOptions>;

/** What DDPG reports: `criticLoss` is E[w (Q − y)²], `policyLoss` −E[Q(s, μ(s))]. */
export type DdpgReport = OffPolicyReport;

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `ddpg({ env: pendulum, ...ddpgPresets["Pendulum-v1"] })`.
 */
export const ddpgPresets: Readonly<Record<string, DdpgSettings>> = {
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
