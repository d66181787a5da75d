import type { AnyBackend } from "@uphill/autodiff";
import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf, Report } from "@uphill/training";
import { explorationNoiseOptions } from "./internal/exploration-noise.js";
import { offPolicyOptions, targetIntervalOption } from "./internal/off-policy-options.js";
import type { ExplorationNoiseSettings, OffPolicySettings } from "./off-policy-settings.js";

/** How DDPG learns. Ranges are in {@link ddpgOptions}. */
export interface DdpgSettings extends OffPolicySettings, ExplorationNoiseSettings {
  /** Adam's step size, of critic and policy. Default 1e-3. */
  readonly learningRate?: Schedule;
  /** Updates from one move of the target networks to the next. Default 1. */
  readonly targetInterval?: number;
}

/** What {@link ddpg} takes. */
export interface DdpgOptions<A extends Box = Box> extends DdpgSettings {
  /** The problem: an environment definition, or a function that makes an environment; of bounded continuous actions. */
  readonly env: EnvironmentSource<A>;
  /** Fixes the whole run: weights, environments, actions and batches. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates; WebAssembly by default. For wide networks `onnxRuntime()` of `@uphill/onnx-runtime`. */
  readonly backend?: AnyBackend;
}

/** DDPG's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9, but for noise. */
export const ddpgOptions = defineOptions({
  ...offPolicyOptions,
  ...targetIntervalOption,
  hiddenWidths: { ...offPolicyOptions.hiddenWidths, default: [400, 300] },
  learningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam, for critic and policy",
  },
  ...explorationNoiseOptions,
});
true satisfies OptionsAgree<DdpgSettings, typeof ddpgOptions>;

/** DDPG's options, all of them present. */
export type DdpgResolvedOptions = OptionsOf<typeof ddpgOptions>;

/** What DDPG reports: means over the updates since the last report, NaN where there were none. */
export interface DdpgReport extends Report {
  /** Updates so far. */
  readonly updates: number;
  /** E[(Q − y)²]. */
  readonly criticLoss: number;
  /** −E[Q(s, μ(s))]. */
  readonly policyLoss: number;
  /** E[Q] over what was stored. */
  readonly meanQ: number;
  /** Global norm of all gradients. */
  readonly gradientNorm: number;
  /** Adam's step size. */
  readonly learningRate: number;
}

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
    hiddenWidths: [64, 64],
  },
};
