import type { Schedule } from "@uphill/nn";
import type { OnPolicySettings } from "@uphill/training";

/** How an algorithm learns that takes Adam steps on one loss, over shuffled minibatches of each rollout. */
export interface EpochSettings extends OnPolicySettings {
  /** Steps in a minibatch. Default 64. */
  readonly minibatchSize?: number;
  /** Passes over each rollout. Default 10. */
  readonly epochs?: number;
  /** Adam's step size. Default 3e-4. */
  readonly learningRate?: Schedule;
  /** Whether advantages are normalised within each minibatch. Default true. */
  readonly normalizeAdvantages?: boolean;
  /** c₂, weight of the entropy. Default 0. */
  readonly entropyWeight?: number;
  /** c₁, weight of the value loss. Default 0.5. */
  readonly valueWeight?: number;
  /** Bound on the gradients' global norm. Default 0.5. */
  readonly maxGradientNorm?: number;
}
