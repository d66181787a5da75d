import { constant, minimum } from "@uphill/autodiff";
import type { Tensor, TensorLike } from "@uphill/autodiff";

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
 * @param clipRange - ε in (0, 1), a number or a scalar.
 * @returns The objective of each step, of the same shape.
 * @throws ShapeError where shapes do not broadcast.
 */
export function clippedSurrogatePerStep(ratio: Tensor, advantage: Tensor, clipRange: TensorLike): Tensor {
  const range = typeof clipRange === "number" ? constant(clipRange) : clipRange;
  const clipped = ratio.clip(constant(1).sub(range), range.add(1));
  return minimum(ratio.mul(advantage), clipped.mul(advantage));
}
