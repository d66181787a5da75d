import type { Space } from "@uphill/envs";
import type { OnPolicyProblem, OptionsOf } from "@uphill/training";
import { shortRolloutOptions } from "./short-rollouts.js";
import type { ShortRolloutReport, ShortRolloutSettings } from "./short-rollouts.js";

/** How A2C learns. Ranges are in {@link a2cOptions}. */
export type A2cSettings = ShortRolloutSettings;

/** What {@link a2c} takes. */
export type A2cOptions<A extends Space = Space> = A2cSettings & OnPolicyProblem<A>;

/** A2C's options with their defaults, ranges and meanings. Defaults are those of Stable-Baselines3 2.9. */
export const a2cOptions = shortRolloutOptions;

/** A2C's options, all of them present. */
export type A2cResolvedOptions = OptionsOf<typeof a2cOptions>;

/** What A2C reports. */
export interface A2cReport extends ShortRolloutReport {
  /** KL(old‖new) of the last update before the report, by E[(ρ − 1) − log ρ] over its rollout, in nats. */
  readonly klNats: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `a2c({ env: cartPole, ...a2cPresets["CartPole-v1"] })`.
 */
export const a2cPresets: Readonly<Record<string, A2cSettings>> = {
  "CartPole-v1": {
    environments: 8,
    learningRate: { linear: [2e-3, 0] },
  },
  "Acrobot-v1": {
    environments: 16,
    learningRate: { linear: [2e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
  "Pendulum-v1": {
    environments: 16,
    rolloutSteps: 16,
    gamma: 0.95,
    lambda: 0.9,
    learningRate: { linear: [2e-3, 0] },
    normalizeObservations: true,
    normalizeRewards: true,
  },
};
