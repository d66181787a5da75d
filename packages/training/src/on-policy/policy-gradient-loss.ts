import type { Tensor } from "@uphill/autodiff";

/** What {@link policyGradientLoss} takes, each float32 `["batch"]`. */
export interface PolicyGradientLossInputs {
  /** log π(a | s) of the policy that learns. */
  readonly logProbability: Tensor;
  /** What each action's score is weighted with: an advantage, or a return less a baseline. */
  readonly advantage: Tensor;
}

/**
 * The loss whose gradient, at the policy that acted, is minus the policy gradient:
 *
 *     L = −E[Â log π(a | s)]
 *
 * Its value means nothing, and nor does its gradient elsewhere. Gradients flow through both. (Williams 1992, theorem 1;
 * Sutton et al. 2000, theorem 1.)
 *
 * @param inputs - See {@link PolicyGradientLossInputs}.
 * @returns L, a scalar.
 * @throws ShapeError where inputs differ in shape.
 */
export function policyGradientLoss({ logProbability, advantage }: PolicyGradientLossInputs): Tensor {
  return advantage.mul(logProbability).mean().neg();
}
