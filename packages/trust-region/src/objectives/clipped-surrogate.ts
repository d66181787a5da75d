import { constant, minimum } from "@uphill/autodiff";
import type { Tensor, TensorLike } from "@uphill/autodiff";
import { requireFloat, requireScalar } from "../internal/matrix-tensors.js";

/**
 * PPO's clipped objective, one number a step, to be maximised in the mean:
 *
 *     min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â),   ρ = π(a|s) / π_old(a|s)
 *
 * The min is the pessimistic choice of the two, not the better one: beyond the clip range nothing more is gained, and what
 * is lost still counts. Gradients flow through the ratio, except where it is beyond the range on the side that Â favours.
 * (Schulman et al. 2017, equation 7.)
 *
 * @param ratio - ρ, float32 `["batch"]` or of any shape.
 * @param advantage - Â, of the same shape.
 * @param clipRange - ε > 0, commonly 0.2: a number or a scalar tensor.
 * @returns The objective of each step, of the same shape.
 * @throws OptionError for what is no float32 tensor, or an ε out of range; ShapeError where shapes differ.
 */
export function clippedSurrogatePerStep(ratio: Tensor, advantage: Tensor, clipRange: TensorLike): Tensor {
  requireFloat("advantage", advantage, requireFloat("ratio", ratio).shape);
  const range = requireScalar("clipRange", clipRange, { above: 0 });
  const clipped = ratio.clip(constant(1).sub(range), range.add(1));
  return minimum(ratio.mul(advantage), clipped.mul(advantage));
}
