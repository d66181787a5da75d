import type { EnvironmentSource, Space } from "@uphill/envs";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf } from "@uphill/training";
import { shortRolloutOptions } from "./short-rollouts.js";
import type { ShortRolloutReport, ShortRolloutSettings } from "./short-rollouts.js";

/** How A3C learns. Ranges are in {@link a3cOptions}. */
export interface A3cSettings extends ShortRolloutSettings {
  /** Workers that play and learn at the same time: the first on the calling thread, each other on one of its own. Default 2. */
  readonly workers?: number;
  /** Environments of each worker. Default 1. */
  readonly environments?: number;
  /** c₂, weight of the entropy. Default 0.01. */
  readonly entropyWeight?: number;
  /** Rollouts, an update each, of all workers together between reports. Default 500. */
  readonly updatesPerReport?: number;
}

/** What {@link a3c} takes. */
export interface A3cOptions<A extends Space = Space> extends A3cSettings {
  /**
   * The problem. One worker takes any environment; more take one that other threads find: of `@uphill/envs`, or from a
   * module by `importEnvironment`.
   */
  readonly env: EnvironmentSource<A>;
  /** Fixes all but the order of the workers' updates; a run of one worker whole. A non-negative integer; default 0. */
  readonly seed?: number;
  /** URL of the threads' script, where a bundler has moved it from beside this module. */
  readonly script?: string | URL;
}

/** A3C's options with their defaults, ranges and meanings. */
export const a3cOptions = defineOptions({
  workers: {
    kind: "integer",
    default: 2,
    range: { least: 1, most: 256 },
    meaning: "workers that play and learn at the same time, on threads of their own",
  },
  ...shortRolloutOptions,
  environments: { ...shortRolloutOptions.environments, meaning: "environments of each worker, stepped together" },
  entropyWeight: { ...shortRolloutOptions.entropyWeight, default: 0.01 },
  updatesPerReport: {
    ...shortRolloutOptions.updatesPerReport,
    default: 500,
    meaning: "updates of all workers between reports",
  },
});
true satisfies OptionsAgree<A3cSettings, typeof a3cOptions>;

/** A3C's options, all of them present. */
export type A3cResolvedOptions = OptionsOf<typeof a3cOptions>;

/** What A3C reports: means over the updates of all workers since the last report. */
export interface A3cReport extends ShortRolloutReport {
  /** Mean over the updates of how many others were applied between the reading of the parameters and the update. */
  readonly staleness: number;
  /** The largest of these. */
  readonly maxStaleness: number;
  /** Workers that died so far and were replaced. */
  readonly replacedWorkers: number;
}

/**
 * Tuned options by environment, from seeds that no result is reported on. Give them with the environment:
 * `a3c({ env: cartPole, ...a3cPresets["CartPole-v1"] })`.
 */
export const a3cPresets: Readonly<Record<string, A3cSettings>> = {
  "CartPole-v1": {
    workers: 2,
    environments: 4,
    learningRate: { linear: [2e-3, 0] },
    entropyWeight: 0,
  },
};
