import type { AnyBackend } from "@uphill/autodiff";
import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf, Report } from "@uphill/training";
import { explorationNoiseOptions } from "./internal/exploration-noise.js";
import { offPolicyOptions } from "./internal/off-policy-options.js";
import type { ExplorationNoiseSettings, OffPolicySettings } from "./off-policy-settings.js";

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
export interface Td3Options<A extends Box = Box> extends Td3Settings {
  /** The problem: an environment definition, or a function that makes an environment; of bounded continuous actions. */
  readonly env: EnvironmentSource<A>;
  /** Fixes the whole run: weights, environments, actions and batches. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates; WebAssembly by default. For wide networks `onnxRuntime()` of `@uphill/onnx-runtime`. */
  readonly backend?: AnyBackend;
}

/** TD3's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9, but for noise. */
export const td3Options = defineOptions({
  ...offPolicyOptions,
  hiddenWidths: { ...offPolicyOptions.hiddenWidths, default: [400, 300] },
  learningRate: {
    kind: "schedule",
    default: 1e-3,
    range: { least: 0, most: 1 },
    meaning: "step size of Adam, for critics and policy",
  },
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
  ...explorationNoiseOptions,
});
true satisfies OptionsAgree<Td3Settings, typeof td3Options>;

/** TD3's options, all of them present. */
export type Td3ResolvedOptions = OptionsOf<typeof td3Options>;

/** What TD3 reports: means over the updates since the last report, NaN where there were none. */
export interface Td3Report extends Report {
  /** Updates so far. */
  readonly updates: number;
  /** Σᵢ E[(Qᵢ − y)²] over both critics. */
  readonly criticLoss: number;
  /** −E[Q₁(s, μ(s))], over the updates that moved the policy. */
  readonly policyLoss: number;
  /** E[Q₁] over what was stored. */
  readonly meanQ: number;
  /** Global norm of all gradients. */
  readonly gradientNorm: number;
  /** Adam's step size. */
  readonly learningRate: number;
}

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
    hiddenWidths: [64, 64],
  },
};
