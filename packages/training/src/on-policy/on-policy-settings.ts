import type { ActivationName } from "@uphill/nn";

/** How an algorithm that learns from rollouts makes them, and its networks. */
export interface OnPolicySettings {
  /** N, environments stepped together. Default 1. */
  readonly environments?: number;
  /** T, steps of each environment in a rollout. Default 2048. */
  readonly rolloutSteps?: number;
  /** γ, discount of future rewards. Default 0.99. */
  readonly gamma?: number;
  /** λ of generalised advantage estimation. Default 0.95. */
  readonly lambda?: number;
  /** Widths of the hidden layers, of policy and value alike. Default [64, 64]. */
  readonly hiddenWidths?: readonly number[];
  /** What follows each hidden layer. Default tanh. */
  readonly activation?: ActivationName;
  /**
   * How weights start: orthogonal, with gain √2 in hidden layers and 0.01 at the policy's output; or uniform, of the
   * variance 1 / inputs in every layer. Default orthogonal.
   */
  readonly initialWeights?: "orthogonal" | "lecunUniform";
  /** Log standard deviation that continuous actions start from. Default 0. */
  readonly initialLogStandardDeviation?: number;
  /**
   * Whether continuous actions are explored by noise that is a smooth function of the state (gSDE): the spread depends on
   * the last hidden layer. Default false.
   */
  readonly stateDependentNoise?: boolean;
  /** Steps for which a draw of such noise is kept, from each rollout's first on; null for a whole rollout. Default null. */
  readonly noiseResampleSteps?: number | null;
  /**
   * Whether observations end with the mask of the allowed actions, as `actionMask` of `@uphill/envs` shows it: then no
   * others are chosen, and the networks see what precedes it. Default false.
   */
  readonly maskActions?: boolean;
  /** Whether observations are normalised. Default false. */
  readonly normalizeObservations?: boolean;
  /** Whether rewards are scaled by the spread of the discounted return. Default false. */
  readonly normalizeRewards?: boolean;
  /** Whether a run has the same bits in every engine and on every machine, at some speed. Default false. */
  readonly deterministic?: boolean;
}
