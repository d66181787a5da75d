import { grad, jvp } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/**
 * Products with the Fisher matrix of a policy, as the Hessian of its expected divergence from itself:
 *
 *     F v = ∇_θ (vᵀ ∇_θ E_s[KL(π_old(· | s) ‖ π_θ(· | s))])   at π_θ = π_old,   F = E[∇log π ∇log πᵀ]
 *
 * A derivative along v, forward, then a gradient, in reverse: as expressions, so that one program runs both. The old
 * policy is what derivatives take as constant: `policy.withParameters` of `stopGradient`, or of inputs. Both directions
 * of the divergence have this Hessian, at π_θ = π_old and nowhere else. (Schulman et al. 2015, appendix C; Pearlmutter
 * 1994.)
 *
 * @param meanKlNats - E_s[KL(π_old ‖ π_θ)], a scalar.
 * @param parameters - θ: variables or inputs, float32.
 * @param directions - v: one tensor for each of θ, of its shape.
 * @returns F v: one tensor for each of θ, of its shape.
 * @throws ShapeError where the divergence is no scalar, or parameters and directions disagree.
 */
export function fisherVectorProduct(
  meanKlNats: Tensor,
  parameters: readonly Tensor[],
  directions: readonly Tensor[],
): Tensor[] {
  const [slope] = jvp([meanKlNats], parameters, directions);
  return grad(slope, parameters);
}
